import { useId } from "preact/hooks";
import { Patterns } from "../../charts/series.tsx";
import { count, percent } from "../../parts/format.ts";
import { fleet as t } from "../../texts/fleet.ts";

const KINDS = { unknown: { label: t.charts.unknown, colour: "var(--unknown)", pattern: "hollow" } } as const;

/** On how much of the days a figure rests: full what is known, hatched what nobody knows. */
export function Known({
  known,
  all,
  knownBefore,
  allBefore,
}: {
  known: number;
  all: number;
  knownBefore: number;
  allBefore: number;
}) {
  const id = useId();
  const share = all > 0 ? known / all : null;
  const before = allBefore > 0 ? knownBefore / allBefore : null;
  const width = `${(share ?? 0) * 100}%`;
  return (
    <div class="fleet-known" title={t.known.rests(count(known), count(all))}>
      <svg aria-hidden="true">
        <Patterns id={id} kinds={KINDS} />
        <rect class="fleet-known-rest" width="100%" height="6" rx="2" fill={`url(#${id}-unknown)`} />
        <rect class="fleet-known-part" width={width} height="6" rx="2" />
      </svg>
      <p class="soft small figures">
        {share === null
          ? t.known.noVehicles
          : known === 0
            ? t.known.none
            : before === null || knownBefore === 0
              ? t.known.share(percent(share))
              : t.known.both(percent(share), percent(before))}
      </p>
    </div>
  );
}
