import driverBehaviour from "#sql/workers/api/old/driver-behaviour.sql";
import filters from "#sql/workers/api/old/filters.sql";
import fleetSummary from "#sql/workers/api/old/fleet-summary.sql";
import fuel from "#sql/workers/api/old/fuel.sql";
import fuelFills from "#sql/workers/api/old/fuel-fills.sql";
import live from "#sql/workers/api/old/live.sql";
import tickets from "#sql/workers/api/old/tickets.sql";
import track from "#sql/workers/api/old/track.sql";
import trips from "#sql/workers/api/old/trips.sql";
import utilisation from "#sql/workers/api/old/utilisation.sql";
import { ApiProblem } from "../../../shared/errors.ts";
import { settings } from "../../../shared/settings.ts";
import { toIso } from "../../../shared/time.ts";
import type { OldAsked } from "./filters.ts";
import type { OldName } from "./names.ts";

const DAY_MS = 24 * 3_600_000;

/** What a route of the earlier system answers with. */
export interface OldAnswer {
  contentType: "application/json" | "application/geo+json";
  /** The statement that builds the answer, and its parameters. */
  ask(asked: OldAsked, nowMs: number): { statement: string; parameters: (string | number | null)[] };
}

const geo = (ask: OldAnswer["ask"]): OldAnswer => ({ contentType: "application/geo+json", ask });
const json = (ask: OldAnswer["ask"]): OldAnswer => ({ contentType: "application/json", ask });

const ofDays = (statement: string) =>
  json((asked, nowMs) => {
    for (const name of ["status", "q"] as const) {
      // Left out it would show the whole fleet.
      if (asked[name])
        throw new ApiProblem("invalid_request", `${name}: what is of days is not filtered by it`);
    }
    return of(statement, asked, ...days(asked, nowMs));
  });
const openTickets = (kind: string) => geo((asked, nowMs) => of(tickets, asked, kind, toIso(nowMs)));

/** What their routes answer with: which shape is known, and which is assumed, is in docs/compat.md. */
export const OLD_ANSWERS: Record<OldName, OldAnswer> = {
  "fleet-dashboard": geo(askLive),
  live: geo(askLive),
  track: geo(askTrack),
  trips: geo(askTrips),
  filters: json((asked) => of(filters, asked)),
  "analytics-filters": json((asked) => of(filters, asked)),
  "fleet-summary": ofDays(fleetSummary),
  utilisation: ofDays(utilisation),
  "driver-behaviour": ofDays(driverBehaviour),
  fuel: ofDays(fuel),
  inc: openTickets("INC"),
  crq: openTickets("CRQ"),
  "fuel-fills": ofDays(fuelFills),
};

const of = (statement: string, asked: OldAsked, ...rest: (string | number)[]) => ({
  statement,
  parameters: [JSON.stringify(asked), ...rest],
});

function askLive(asked: OldAsked, nowMs: number) {
  return of(live, asked, toIso(nowMs), `${settings.silentAfterS} s`, `${settings.staleAfterS} s`);
}

function askTrack(asked: OldAsked, nowMs: number) {
  const [imei, ...others] = asked.imei ?? [];
  if (imei === undefined || others.length > 0)
    throw new ApiProblem("invalid_request", "imei: name one vehicle");
  return of(track, asked, ...period(asked, nowMs, 7), imei);
}

function askTrips(asked: OldAsked, nowMs: number) {
  return of(trips, asked, ...period(asked, nowMs, 31));
}

const DAY = /^\d{4}-\d{2}-\d{2}$/;

/** Instants as Postgres reads them in the fleet's zone; a day is the whole day. The last 24 hours where nothing is said. */
function period(asked: OldAsked, nowMs: number, mostDays: number): [string, string] {
  const from = one(asked, "from") ?? toIso(nowMs - DAY_MS);
  const to = one(asked, "to") ?? toIso(nowMs);
  const spanMs = Date.parse(to) + (DAY.test(to) ? DAY_MS : 0) - Date.parse(from);
  refuseSpan(spanMs, mostDays);
  return [from, to];
}

/** Days of the fleet; the last week where nothing is said. */
function days(asked: OldAsked, nowMs: number): [string, string] {
  const to = (one(asked, "to") ?? toIso(nowMs)).slice(0, 10);
  const from = (one(asked, "from") ?? toIso(Date.parse(to) - 6 * DAY_MS)).slice(0, 10);
  refuseSpan(Date.parse(to) + DAY_MS - Date.parse(from), 366);
  return [from, to];
}

function refuseSpan(spanMs: number, mostDays: number): void {
  if (spanMs <= 0) throw new ApiProblem("invalid_request", "from: must be before to");
  if (spanMs > mostDays * DAY_MS)
    throw new ApiProblem("invalid_request", `from: must be at most ${mostDays} days before to`);
}

function one(asked: OldAsked, name: "from" | "to"): string | undefined {
  const [text, ...others] = asked[name] ?? [];
  if (text === undefined) return undefined;
  const isTime = /^\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?(Z|[+-]\d{2}:?\d{2})?)?$/.test(text);
  const year = Number(text.slice(0, 4));
  if (others.length > 0 || !isTime || Number.isNaN(Date.parse(text)) || year < 2000 || year > 2199) {
    throw new ApiProblem(
      "invalid_request",
      `${name}: must be a day or a time, such as 2026-01-15 or 2026-01-15T08:30:00Z`,
    );
  }
  return text;
}
