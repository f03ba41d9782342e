import type { ComponentChildren } from "preact";
import { type Stretch, Strip } from "../../charts/strip.tsx";
import { count, durationS, metres, percent } from "../../parts/format.ts";
import { dateTime, dayOf, msOf } from "../../parts/time.ts";
import { Value } from "../../parts/value.tsx";
import { labelOf } from "../../parts/vehicle-names.ts";
import type { Answers } from "../../shell/api.ts";
import { nowSlow } from "../../shell/clock.ts";
import { href } from "../../shell/url.ts";
import { words } from "../../texts/tickets.ts";

type Ticket = Answers["Ticket"];
type Visit = NonNullable<Ticket["visit"]>;

const { visit: w, course } = words;

const KINDS = {
  open: { label: course.open, colour: "var(--accent)", pattern: "dots" },
  late: { label: course.late, colour: "var(--bad)", pattern: "stripes" },
  there: { label: course.there, colour: "var(--ok)", pattern: "full" },
} as const;

/** From when it was opened until it was resolved, or now: when it was due, and when somebody was there. */
export function Course({ ticket }: { ticket: Ticket }) {
  const nowMs = Math.floor(nowSlow.value / 60_000) * 60_000;
  const fromMs = msOf(ticket.openedAt);
  const toMs = ticket.resolvedAt === null ? nowMs : msOf(ticket.resolvedAt);
  if (!(toMs > fromMs)) return null;
  return (
    <Strip
      label={course.title}
      fromMs={fromMs}
      toMs={toMs}
      stretches={stretchesOf(ticket, fromMs, toMs)}
      kinds={KINDS}
      heightPx={18}
      hasTable={false}
    />
  );
}

function stretchesOf({ dueAt, visit }: Ticket, fromMs: number, toMs: number): Stretch[] {
  const within = (ms: number) => Math.min(toMs, Math.max(fromMs, ms));
  const dueMs = dueAt === null ? toMs : within(msOf(dueAt));
  const isThere = visit?.visited && visit.arrivedAt !== null && visit.leftAt !== null;
  const there = isThere ? { fromMs: within(msOf(visit.arrivedAt)), toMs: within(msOf(visit.leftAt)) } : null;
  const around = (kind: string, from: number, to: number): Stretch[] =>
    there === null
      ? [{ kind, fromMs: from, toMs: to }]
      : [
          { kind, fromMs: from, toMs: Math.min(to, there.fromMs) },
          { kind, fromMs: Math.max(from, there.toMs), toMs: to },
        ];
  const stretches = [...around("open", fromMs, dueMs), ...around("late", dueMs, toMs)];
  if (there) stretches.push({ kind: "there", ...there });
  return stretches.filter((one) => one.toMs > one.fromMs).sort((a, b) => a.fromMs - b.fromMs);
}

/** Whether somebody was there: who, when, how long, and how exactly that is known. */
export function Evidence({ ticket }: { ticket: Ticket }) {
  const { visit, openedAt } = ticket;
  if (visit === null) return <p class="soft">{w.outcome.none}</p>;
  const at = visit.arrivedAt ?? openedAt;
  return (
    <>
      <p class="tickets-outcome" data-visited={String(visit.visited)}>
        {outcomeOf(visit, ticket.isOpen)}
      </p>
      {visit.imei !== null && (
        <>
          <dl class="tickets-facts">
            {visit.arrivedAt !== null && <Stay visit={visit} />}
            <Fact name={w.nearest}>
              {visit.nearestM === null && visit.outcome === "elsewhere" ? (
                w.farOff
              ) : (
                <Value of={visit.nearestM} as={metres} />
              )}
            </Fact>
            <Fact name={w.fixes}>
              <Value of={visit.fixes} as={count} />
            </Fact>
          </dl>
          <p class="row">
            {at !== null && (
              <a class="button" href={historyOf(visit.imei, at, visit.arrivedAt)}>
                {visit.arrivedAt === null ? w.history : w.historyAt}
              </a>
            )}
            <a class="button" href={href("/", { vehicle: visit.imei, follow: "1" })}>
              {words.follow}
            </a>
          </p>
        </>
      )}
    </>
  );
}

function Stay({ visit }: { visit: Visit }) {
  const { assignedBy, arrivedAt, leftAt, durationS: lastedS, stoodS, unseenS, longestGapS } = visit;
  const { arrivedInTime, confidence } = visit;
  return (
    <>
      <Fact name={w.who}>
        {whoOf(visit)}
        {assignedBy !== null && <span class="soft small"> {w.assignedBy[assignedBy]}</span>}
      </Fact>
      <Fact name={w.arrived}>{dateTime(arrivedAt)}</Fact>
      <Fact name={w.left}>
        {dateTime(leftAt)} <span class="soft small">{w.stillThere}</span>
      </Fact>
      <Fact name={w.duration}>
        <Value of={lastedS} as={durationS} />
      </Fact>
      <Fact name={w.stood}>
        <Value of={stoodS} as={durationS} />
      </Fact>
      <Fact name={w.unseen}>
        {unseenS === 0 ? w.noGap : <Value of={unseenS} as={durationS} />}
        {unseenS !== null && unseenS > 0 && <span class="soft small"> {w.unseenHint}</span>}
      </Fact>
      <Fact name={w.longestGap}>
        {longestGapS === 0 ? w.noGap : <Value of={longestGapS} as={durationS} />}
        {(longestGapS ?? 0) > (lastedS ?? 0) && <span class="soft small"> {w.gapBeyond}</span>}
      </Fact>
      {arrivedInTime !== null && <Fact name={w.inTime}>{arrivedInTime ? w.inTimeYes : w.inTimeNo}</Fact>}
      {confidence !== null && (
        <Fact name={w.certainty}>
          <meter min={0} max={1} value={confidence} aria-label={w.certainty} />{" "}
          <span class="figures">{percent(confidence)}</span>{" "}
          <span class="soft small">
            {w.certain[confidence >= 0.75 ? "high" : confidence >= 0.5 ? "middle" : "low"]}
          </span>
        </Fact>
      )}
    </>
  );
}

export const Fact = ({ name, children }: { name: string; children: ComponentChildren }) => (
  <div>
    <dt>{name}</dt>
    <dd>{children}</dd>
  </div>
);

const whoOf = ({ imei, plate, name }: Visit): string =>
  imei === null ? w.aVehicle : labelOf({ imei, plate, name });

function outcomeOf(visit: Visit, isOpen: boolean): string {
  const { outcome } = visit;
  switch (outcome) {
    case "visited":
    case "passed":
    case "no_fixes":
      return w.outcome[outcome](whoOf(visit));
    case "elsewhere":
      return w.outcome[isOpen ? "elsewhereYet" : outcome](whoOf(visit));
    default:
      // An outcome of a newer server is one that this page has no words for.
      return w.outcome[outcome] ?? outcome;
  }
}

/** The vehicle's day, at the instant it arrived. */
const historyOf = (imei: string, at: string, arrivedAt: string | null): string =>
  href("/history", {
    ...{ vehicle: imei, day: dayOf(at) },
    ...(arrivedAt !== null && { at: `${new Date(msOf(arrivedAt)).toISOString().slice(0, 19)}Z` }),
  });
