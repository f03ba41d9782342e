import { toIso } from "../../shared/time.ts";
import type { ApiContext } from "./context.ts";
import { answerRevised, daysOf } from "./revised.ts";

const DAY_MS = 24 * 3_600_000;

/** No zone is further from UTC, to either side. */
const FARTHEST_ZONE_MS = 14 * 3_600_000;

/** What such a route says of its answers. */
export const REVISED_SPAN_HINT =
  "With `to` the answer has an ETag: ask again with `If-None-Match`, and it is 304 for as long as nothing changed that is known of those days; late facts change days long past. Without, it hangs on now and is not to be kept.";

/** A span as it was asked for, and what it means. */
interface Span {
  asked: { to?: string | undefined };
  from: string;
  to: string;
  /** Vehicles that matter; absent: all. */
  imeis?: string[] | undefined;
}

/** Answers what is known of a span of the past; whoever left its end open gets what hangs on now. */
export async function answerRevisedSpan(
  c: ApiContext,
  { asked, from, to, imeis }: Span,
  make: () => Promise<Response>,
): Promise<Response> {
  if (asked.to === undefined) {
    const answer = await make();
    answer.headers.set("cache-control", "no-store");
    return answer;
  }
  // Whatever the fleet's zone, its days of this span are among these.
  const first = Date.parse(from) - FARTHEST_ZONE_MS;
  const last = Date.parse(to) + FARTHEST_ZONE_MS;
  const days = await daysOf(c, {
    from: toIso(first).slice(0, 10),
    to: toIso(last).slice(0, 10),
    mostDays: Math.ceil((last - first) / DAY_MS) + 1,
    imeis,
  });
  return answerRevised(c, days, make);
}
