import { namedImeis } from "../world/faults.ts";
import type { World } from "../world/world.ts";
import type { Worlds } from "../world/worlds.ts";
import { badParameter, CODE, tooFrequentToday, VendorError } from "./errors.ts";
import { type Envelope, errorEnvelope, faultyReply, plainReply, type Reply } from "./faulty-answer.ts";
import { verify } from "./verify.ts";

/**
 * Answers a request to `/route/rest`. Common parameters may come in the query string, the rest in a form body;
 * both are signed together (reference §1.2).
 *
 * @param httpMethod anything but POST is refused with code 1007, and HTTP status 200 like every vendor error
 */
export function answerCall(worlds: Worlds, httpMethod: string, query: URLSearchParams, body: string): Reply {
  if (httpMethod !== "POST") {
    return plainReply(errorEnvelope(new VendorError(CODE.httpMethod, "Request method error")));
  }
  const params = Object.fromEntries([...query, ...new URLSearchParams(body)]);
  const world = worlds.get(params.app_key ?? "");
  if (world === undefined) return plainReply(errorEnvelope(badParameter("invalid AppKey")));

  const { signOk, tokenValid, outcome } = verify(world, params);
  const answer = (instead: (own: typeof params) => typeof params = (own) => own): Envelope => {
    try {
      if (outcome instanceof VendorError) throw outcome;
      if (outcome.needsToken && !world.quota.take()) throw tooFrequentToday();
      return { code: 0, message: "success", ...outcome.answer({ world, params: instead(params) }) };
    } catch (error) {
      if (error instanceof VendorError) return errorEnvelope(error);
      throw error;
    }
  };
  const method = params.method ?? "";
  const fault = world.faults.take(method, params);
  const reply = fault ? faultyReply(fault, world, answer) : plainReply(answer());
  log(world, params, { code: reply.code, signOk, tokenValid, fault: fault?.kind ?? null });
  return reply;
}

function log(
  world: World,
  params: Record<string, string>,
  found: {
    code: number | string | null;
    signOk: boolean | null;
    tokenValid: boolean | null;
    fault: string | null;
  },
): void {
  world.calls.add({
    at: new Date().toISOString(),
    method: params.method ?? "",
    target: params.target ?? params.account ?? null,
    imeis: namedImeis(params).length,
    timestamp: params.timestamp ?? null,
    ...found,
  });
}
