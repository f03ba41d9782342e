import type { Kind } from "../../charts/series.tsx";
import { Strip } from "../../charts/strip.tsx";
import { Badge, type Tone } from "../../parts/badge.tsx";
import { count, durationS } from "../../parts/format.ts";
import { Answered } from "../../parts/states.tsx";
import { dateTime, time } from "../../parts/time.ts";
import { useAnswer } from "../../shell/answer.ts";
import { type Answers, ask } from "../../shell/api.ts";
import { words } from "../../texts/coverage.ts";

type Gap = Answers["Coverage"]["vehicles"][number]["gaps"][number];

const gapWords = words.gaps;
const DAY_MS = 24 * 3_600_000;
const MOST_GAPS = 100;
const EVERY_MS = 60_000;

const TONES: Record<string, Tone> = { open: "bad", filled: "ok", none: "muted" };

const KINDS = {
  open: { label: gapWords.states.open ?? "", colour: "var(--bad)", pattern: "stripes" },
  filled: { label: gapWords.states.filled ?? "", colour: "var(--idling)", pattern: "dots" },
  none: { label: gapWords.states.none ?? "", colour: "var(--unknown)", pattern: "hollow" },
} satisfies Record<string, Kind>;

/** The gaps of a vehicle that touch a span. */
export function Gaps({ imei, fromMs, toMs }: { imei: string; fromMs: number; toMs: number }) {
  const [from, to] = [fromMs, toMs].map((ms) => new Date(ms).toISOString());
  const answer = useAnswer(
    `coverage gaps ${imei} ${from} ${to}`,
    (signal) => ask("Coverage", "/v1/coverage", { imei, from, to }, { signal }),
    { everyMs: EVERY_MS },
  );
  return (
    <div class="coverage-gaps">
      <h3>{gapWords.title}</h3>
      <Answered of={answer} minHeightPx={120}>
        {({ vehicles: [vehicle] }) =>
          vehicle === undefined || vehicle.gaps.length === 0 ? (
            <p class="soft">{gapWords.none}</p>
          ) : (
            <>
              <Strip
                label={gapWords.strip}
                fromMs={fromMs}
                toMs={toMs}
                kinds={KINDS}
                heightPx={16}
                hasTable={false}
                stretches={vehicle.gaps
                  .map((gap) => ({
                    fromMs: Math.max(fromMs, Date.parse(gap.from)),
                    toMs: Math.min(toMs, Date.parse(gap.to)),
                    kind: Object.hasOwn(KINDS, gap.state) ? gap.state : "none",
                  }))
                  .filter((stretch) => stretch.toMs > stretch.fromMs)}
              />
              <ul class="coverage-gap-list">
                {[...vehicle.gaps].reverse().map((gap) => (
                  <GapItem key={gap.from} of={gap} />
                ))}
              </ul>
              {vehicle.gaps.length >= MOST_GAPS && <p class="soft small">{gapWords.cut}</p>}
            </>
          )
        }
      </Answered>
    </div>
  );
}

function GapItem({ of: { from, to, reason, state, points, tries } }: { of: Gap }) {
  const ms = Date.parse(to) - Date.parse(from);
  return (
    <li>
      <p class="row figures">
        <strong>
          {dateTime(from)} – {ms < DAY_MS ? time(to) : dateTime(to)}
        </strong>
        <span>{durationS(ms / 1000)}</span>
        <Badge tone={TONES[state] ?? "muted"}>{gapWords.states[state] ?? state}</Badge>
      </p>
      <p class="soft small">
        {[
          gapWords.reasons[reason] ?? reason,
          tries === 0 ? gapWords.neverAsked : gapWords.tries(tries, count(tries)),
          points !== null && gapWords.points(points, count(points)),
        ]
          .filter(Boolean)
          .join(" · ")}
      </p>
    </li>
  );
}
