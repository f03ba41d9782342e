import { count, number, percent } from "../../parts/format.ts";
import { fleet as t } from "../../texts/fleet.ts";

const ARROWS = { more: "M6 2 10.500 9h-9z", less: "M6 10 1.500 3h9z", same: "M2 4h8M2 8h8" };

/** A change in a column of a table, with its sign: "+5 %". Neither good nor bad by itself. */
export const shareOf = (now: number | null | undefined, before: number | null | undefined): number | null =>
  typeof now === "number" && typeof before === "number" && before !== 0 ? (now - before) / before : null;

/** A change that would be written as 0.0 %. */
const NOTHING = 0.0005;

/**
 * What became of a figure since the period before: an arrow, the sign and words, so that nothing hangs on a colour.
 * @param as writes the figure
 * @param inPoints the figure is a share itself: by how many points it changed
 */
export function Change({
  value,
  before,
  as,
  inPoints = false,
}: {
  value: number | null;
  before: number | null;
  as: (figure: number) => string;
  inPoints?: boolean;
}) {
  if (value === null || before === null) {
    const words =
      before !== null
        ? t.change.before(as(before))
        : value === null
          ? t.change.unknownNow
          : t.change.unknownBefore;
    return <p class="fleet-change soft">{words}</p>;
  }
  const share = inPoints ? value - before : shareOf(value, before);
  const isSame = value === before || (share !== null && Math.abs(share) < NOTHING);
  const word = isSame ? "same" : value > before ? "more" : "less";
  return (
    <p class="fleet-change">
      <svg class="fleet-arrow" viewBox="0 0 12 12" aria-hidden="true" data-change={word}>
        <path d={ARROWS[word]} />
      </svg>
      {word === "same" ? (
        <span class="soft">{value === before ? t.change.same : t.change.about(as(before))}</span>
      ) : (
        <>
          <strong class="figures">
            {inPoints
              ? `${signed(value - before, number(Math.abs(value - before) * 100, 1))} ${t.change.points}`
              : by(share, value - before, as)}
          </strong>{" "}
          <span class="soft">{t.change[word](as(before))}</span>
        </>
      )}
    </p>
  );
}

/** As a share; where there was nothing before, as it is. Of a small one a digit more. */
function by(share: number | null, difference: number, as: (figure: number) => string): string {
  if (share === null) return signed(difference, as(Math.abs(difference)));
  return signed(share, percentOf(share));
}

const percentOf = (share: number) => percent(Math.abs(share), Math.abs(share) < 0.1 ? 1 : 0);

const signed = (value: number, size: string) => `${value > 0 ? "+" : value < 0 ? "−" : "±"}${size}`;

/** The same for a cell. */
export function ChangeCell({
  value,
  before,
}: {
  value: number | null | undefined;
  before: number | null | undefined;
}) {
  const share = shareOf(value, before);
  if (share === null) return <span class="not-known">{t.charts.unknown.toLowerCase()}</span>;
  return <span>{signed(Math.abs(share) < NOTHING ? 0 : share, percentOf(share))}</span>;
}

/** Days that something rests on, for a cell. */
export const restsOn = (known: number, all: number): string => t.table.of(count(known), count(all));
