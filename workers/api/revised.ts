import selectRevision from "#sql/workers/api/revision.sql";
import { ApiProblem } from "../../shared/errors.ts";
import { nowMs, toIso } from "../../shared/time.ts";
import { isCurrent } from "./conditional.ts";
import type { ApiContext } from "./context.ts";
import { askerOf, select } from "./select.ts";

/** Days of the fleet's zone, first and last included, and the revision of what is known of them. */
export interface Days {
  from: string;
  to: string;
  /** How many. */
  days: number;
  /** As many before them. */
  beforeFrom: string;
  beforeTo: string;
  /** IANA name of the fleet's zone. */
  zone: string;
  /** The day it is now. */
  today: string;
  revision: string;
  /** What the company says, as a word; null where it was not asked for. */
  company: string | null;
}

/** Which days are asked for; without `from`, `defaultDays` up to `to`; without `to`, up to today. */
interface AskedDays {
  from?: string | undefined;
  to?: string | undefined;
  defaultDays?: number;
  mostDays: number;
  /** The answer rests on the days before, too. */
  compares?: boolean;
  /** Vehicles that matter; absent: all. */
  imeis?: string[] | undefined;
  /** The answer rests on what the company says of its fleet, or on that and what was filled in. */
  company?: "company" | "fills";
}

/**
 * Asks which days are meant, and for their revision. One short statement.
 * @throws ApiProblem `invalid_request` where they run backwards or are more than `mostDays`.
 */
export async function daysOf(c: ApiContext, asked: AskedDays): Promise<Days> {
  const { from, to, defaultDays = 7, mostDays, compares = false, imeis, company = null } = asked;
  const [days] = await select<Days>(askerOf(c), selectRevision, [
    ...[toIso(nowMs()), from ?? null, to ?? null, defaultDays, compares],
    ...[imeis === undefined ? null : JSON.stringify(imeis), company],
  ]);
  if (days === undefined) throw new Error("tracksolid.fleet has no row");
  if (days.days < 1) throw new ApiProblem("invalid_request", "from: must not be after to");
  if (days.days > mostDays) {
    throw new ApiProblem("invalid_request", `from: at most ${mostDays} days are answered at once`);
  }
  return days;
}

/**
 * Answers what rests on facts of the past: late facts change any day, so a copy is good for as long as the revision stands.
 * @param make Makes the answer but for its caching, of which it is told the tag; it is not called where the caller's copy is current.
 * @param more What else the answer hangs on.
 */
export async function answerRevised(
  c: ApiContext,
  { revision }: Pick<Days, "revision">,
  make: (etag: string) => Promise<Response>,
  more = "",
): Promise<Response> {
  // Another deployment may say the same in another way.
  const etag = `W/"${[c.env.VERSION.id.slice(0, 8), revision, more].filter(Boolean).join(".")}"`;
  const headers = { etag, "cache-control": "private, no-cache" };
  if (isCurrent(c.req.header("if-none-match"), etag)) return new Response(null, { status: 304, headers });
  const answer = await make(etag);
  for (const [name, value] of Object.entries(headers)) answer.headers.set(name, value);
  return answer;
}
