import type { Side } from "./side.ts";

/** A day of the fleet, or the part of it that is compared. Instants are ISO 8601 in UTC. */
export interface Day {
  /** YYYY-MM-DD. */
  day: string;
  from: string;
  to: string;
}

/** What is compared, and in which zone days begin. */
export interface Span {
  zone: string;
  days: Day[];
}

/** A day, or an instant in UTC; undefined where the usual is wanted. */
export interface Borders {
  from: string | undefined;
  to: string | undefined;
}

/** What is younger is still being written, by one of the two sooner than by the other. */
const SETTLING_MIN = 10;
const USUAL_DAYS = 7;

const BORDER = /^(\d{4}-\d\d-\d\d)(T\d\d:\d\d(:\d\d(\.\d{1,3})?)?(Z|[+-]\d\d:\d\d))?$/;

/** Reads the text of an option. @throws with what to write instead */
export function readBorder(name: string, text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const [, date = "", time] = BORDER.exec(text) ?? [];
  const ms = Date.parse(text);
  // The 31st of February would be a day in March.
  const isDay = date !== "" && new Date(`${date}T00:00:00Z`).toJSON()?.slice(0, 10) === date;
  if (!isDay || Number.isNaN(ms) || ms < Date.UTC(2000) || ms > Date.UTC(2100)) {
    throw new Error(
      `${name} "${text}" is no day (2026-01-15) between 2000 and 2100 and no time with its zone (2026-01-15T06:00Z, 2026-01-15T09:00+03:00).`,
    );
  }
  return time === undefined ? date : new Date(ms).toISOString();
}

interface Row {
  zone: string;
  from: string;
  to: string;
  is_span: boolean;
  is_settled: boolean;
}

/** SQL that writes an instant. */
export const iso = (instant: string) =>
  `to_char(${instant} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;
/** SQL of the instant that a border is, in the zone of the fleet. */
export const instantOf = (parameter: string) =>
  `case when length(${parameter}) = 10 then ${parameter}::timestamp at time zone zone else ${parameter}::timestamptz end`;

const SPAN = `
  select zone, ${iso("from_time")} as from, ${iso("to_time")} as to, from_time < to_time as is_span,
    to_time <= now() - interval '${SETTLING_MIN} minutes' as is_settled
  from tracksolid.fleet
  cross join lateral (
    select coalesce(
      ${instantOf("$2::text")},
      date_trunc('day', (now() - interval '${SETTLING_MIN} minutes') at time zone zone) at time zone zone
    ) as to_time
  ) t
  cross join lateral (
    select coalesce(
      ${instantOf("$1::text")}, ((to_time at time zone zone) - interval '${USUAL_DAYS} days') at time zone zone
    ) as from_time
  ) f`;

const DAYS = `
  select day::date::text as day, ${iso("greatest(day at time zone $3::text, $1::text::timestamptz)")} as from,
    ${iso("least((day + interval '1 day') at time zone $3::text, $2::text::timestamptz)")} as to
  from generate_series(
    date_trunc('day', $1::text::timestamptz at time zone $3::text),
    ($2::text::timestamptz - interval '1 microsecond') at time zone $3::text, interval '1 day'
  ) day
  order by day`;

/** The days of the borders in the zone of the fleet. @throws where there are none, or they are not over */
export async function readSpan(here: Side, { from, to }: Borders, isLive: boolean): Promise<Span> {
  const [row] = await here.rows<Row>(SPAN, [from ?? null, to ?? null]);
  if (!row) throw new Error("The table tracksolid.fleet has no row: run npm run db:migrate.");
  if (!row.is_span) {
    throw new Error(`--from (${row.from}) has to be before --to (${row.to}), the first instant left out.`);
  }
  if (!row.is_settled && !isLive) {
    throw new Error(
      `--to (${row.to}) is not ${SETTLING_MIN} minutes ago: what arrives meanwhile would show as a difference. Take an earlier one, or add --live.`,
    );
  }
  return { zone: row.zone, days: await here.rows<Day>(DAYS, [row.from, row.to, row.zone]) };
}
