import { jimiSession } from "../../../durable-objects/jimi-session/index.ts";
import { vendorConfig } from "../../../shared/config.ts";
import { ApiProblem } from "../../../shared/errors.ts";
import type { JimiClient } from "../../../shared/jimi/client.ts";
import type { JimiFailure } from "../../../shared/jimi/failures.ts";
import type { JimiResult } from "../../../shared/jimi/request.ts";
import { nowMs, within } from "../../../shared/time.ts";
import { vendorClient } from "../../polls/vendor-client.ts";

/** A caller, and what stands between, waits for an answer about half a minute. */
export const PATIENCE_MS = 20_000;

/** Where the vendor did not say until when it limits us. */
const RETRY_AFTER_S = 30;

/**
 * Asks the vendor while a caller waits, under the session's permits.
 * @param method What is called, whose limits tell when to come again.
 * @throws ApiProblem where the vendor does not answer in time, or refuses
 */
export async function askVendor<Value>(
  env: Env,
  method: string,
  ask: (client: JimiClient) => Promise<JimiResult<Value>>,
): Promise<Value> {
  const client = vendorClient(env, vendorConfig(env), nowMs() + PATIENCE_MS);
  const answer = await within(ask(client), PATIENCE_MS);
  client.outcomes.note(env);
  if (answer?.ok) return answer.value;
  throw await problemOf(
    env,
    method,
    answer?.failure ?? { kind: "unreachable", message: "did not answer in time" },
  );
}

/** The vendor's own words stay in the log. */
async function problemOf(env: Env, method: string, failure: JimiFailure): Promise<ApiProblem> {
  const cause = new Error(failure.message);
  switch (failure.kind) {
    case "credentials":
      return new ApiProblem(
        "misconfigured",
        "The log of this deployment says what Tracksolid refuses.",
        {},
        cause,
      );
    case "rejected":
      return new ApiProblem("internal", "Tracksolid refuses the request; the log says why.", {}, cause);
    case "unreachable":
    case "unreadable":
    case "busy":
    case "token":
    case "too_frequent":
    case "quota":
    case "ip_limited":
    case "illegal_device":
    case "business":
    case "unshared":
    case "postponed": {
      const waitS = await limitedForS(env, method);
      const detail = `Tracksolid is away, busy or limits our calls: try again in ${waitS} s.`;
      return new ApiProblem("vendor_unavailable", detail, { "retry-after": String(waitS) }, cause);
    }
  }
}

/** Until the session lets the method be called again. */
async function limitedForS(env: Env, asked: string): Promise<number> {
  const { closed } = await jimiSession(env).status();
  const untilMs = closed.filter(({ method }) => method === asked || method === "*").map(({ until }) => until);
  return untilMs.length === 0
    ? RETRY_AFTER_S
    : Math.max(1, Math.ceil((Math.max(...untilMs) - nowMs()) / 1000));
}
