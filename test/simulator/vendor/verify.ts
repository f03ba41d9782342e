import { parseVendorTime } from "../clock.ts";
import { signParameters } from "../signature.ts";
import type { World } from "../world/world.ts";
import { badParameter, CODE, invalidToken, VendorError } from "./errors.ts";
import type { Method } from "./method.ts";
import { METHODS } from "./methods.ts";

/** How far a timestamp may be from the platform's clock (reference §1.3). */
const TIMESTAMP_WINDOW_MS = 600_000;

/** What the platform found out about a call before answering it. */
export interface Verdict {
  /** Null when the call is not signed (`v=0.9`). */
  signOk: boolean | null;
  /** Null when the method needs no token. */
  tokenValid: boolean | null;
  /** The method, or the first reason to refuse the call. */
  outcome: Method | VendorError;
}

/** Checks a call in the vendor's order: signature, timestamp, token, method. */
export function verify(world: World, params: Record<string, string>): Verdict {
  const unsigned = params.v === "0.9";
  const signOk = unsigned ? null : params.sign === signParameters(params, world.appSecret);
  const method = METHODS.get(params.method ?? "");
  const tokenValid = method?.needsToken === false ? null : world.tokens.isLive(params.access_token ?? "");
  return {
    signOk,
    tokenValid,
    outcome: refusal(world, params, signOk, tokenValid) ?? method ?? unknownMethod(),
  };
}

function refusal(
  world: World,
  params: Record<string, string>,
  signOk: boolean | null,
  tokenValid: boolean | null,
): VendorError | undefined {
  if (params.v !== "1.0" && params.v !== "0.9") return badParameter("v");
  // One generic text: the vendor gives no hint which part of a signature is wrong (reference §1.5).
  if (signOk === false) return new VendorError(CODE.parameter, "Illegal request, parameter error");
  const sentMs = parseVendorTime(params.timestamp ?? "");
  if (!(Math.abs(sentMs - world.clock.transportMs()) <= TIMESTAMP_WINDOW_MS))
    return badParameter("timestamp");
  return tokenValid === false ? invalidToken() : undefined;
}

const unknownMethod = (): VendorError => badParameter("method does not exist");
