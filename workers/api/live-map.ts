import { ApiProblem } from "../../shared/errors.ts";
import { log, messageOf } from "../../shared/log.ts";
import { problemsOf } from "./schemas.ts";

/** The problems every route of the live map can answer with: it does not ask the database. */
export const liveMapProblems = problemsOf(
  "invalid_request",
  "key_required",
  "key_unknown",
  "key_expired",
  "origin_not_allowed",
  "scope_missing",
  "too_many_requests",
  "sign_in_unavailable",
  "live_map_unavailable",
);

/**
 * Asks the live map.
 * @throws ApiProblem `live_map_unavailable` when it knows nothing yet (null), or does not answer.
 */
export async function askLiveMap<Answer>(ask: () => Promise<Answer | null>): Promise<Answer> {
  let answer: Answer | null = null;
  try {
    answer = await ask();
  } catch (error) {
    log("error", "live_map_failed", { error: messageOf(error) });
  }
  if (answer === null) {
    throw new ApiProblem(
      "live_map_unavailable",
      "The database has not answered since the map was started. Try again in a few seconds.",
      { "retry-after": "5" },
    );
  }
  return answer;
}
