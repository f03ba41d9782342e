import { waitUntil } from "cloudflare:workers";
import { isReader, pushConfig } from "../../shared/config.ts";
import { reportFailure } from "../../shared/failure-reports.ts";
import { newId } from "../../shared/ids.ts";
import type { PushKind } from "../../shared/jimi/push/kinds.ts";
import { log, messageOf } from "../../shared/log.ts";
import { notePush } from "../../shared/points.ts";
import { addressOf } from "../../shared/requests.ts";
import { plain } from "../../shared/text.ts";
import { nowMs, toIso } from "../../shared/time.ts";
import { type Origin, sendItems } from "../queue/send.ts";
import { readAddress, refineKind } from "./address.ts";
import { hasTokenBeside, PUSH_LIMITS, tokenCheck, withoutTokens } from "./authenticate.ts";
import { hasTokenInside, openEnvelope } from "./envelope.ts";
import { readHeaders } from "./headers.ts";
import { readBody } from "./read-body.ts";

/**
 * The vendor sends up to 50 items a body, some 20 KB. 10,000 items still fit; a body of many tiny values takes seven
 * times its length in memory once it is parsed, and an isolate has 128 MB for all its requests.
 */
const MOST_BODY_BYTES = 4 * 1024 * 1024;

/** What became of a push: the line of the log, and what the vendor is told. */
interface Outcome {
  status: 200 | 400 | 401 | 405 | 413 | 429 | 503;
  /** In the vendor's own words where it succeeded; it reads nothing else. */
  text: string;
  kind: PushKind;
  receipt: string | null;
  items: number;
  error: string | null;
}

/**
 * The door for everything Tracksolid pushes: authenticates, splits, sends. Success is answered once the queue took every
 * item, and nothing behind the queue can change that answer. The vendor repeats what was not answered with success
 * after two minutes, three times, then discards it (reference §3.1).
 */
export async function answerPush(request: Request, env: Env): Promise<Response> {
  const startedMs = nowMs();
  const outcome = await take(request, env, startedMs);
  const { status, text, kind, receipt, items, error } = outcome;
  const durationMs = nowMs() - startedMs;
  log(status === 503 ? "error" : status === 200 ? "info" : "warn", "push", {
    receipt,
    kind,
    method: request.method,
    status,
    items,
    durationMs,
    error,
    ray: request.headers.get("cf-ray"),
  });
  notePush(env, { kind, status, items, durationMs });
  const headers: Record<string, string> = {
    "content-type": "application/json",
    "cache-control": "no-store",
    ...(receipt !== null && { "x-receipt": receipt }),
    ...(status === 405 && { allow: "GET, HEAD, POST" }),
    ...(status === 429 && { "retry-after": String(PUSH_LIMITS.PUSH_LIMITER.windowS) }),
  };
  const body = JSON.stringify({ code: codeOf(kind, status), msg: text });
  return new Response(request.method === "HEAD" ? null : body, { status, headers });
}

/** TAG devices' sender expects 200 where the others expect 0. */
function codeOf(kind: PushKind, status: number): number {
  if (status !== 200) return status;
  return kind === "tag" ? 200 : 0;
}

async function take(request: Request, env: Env, startedMs: number): Promise<Outcome> {
  const url = new URL(request.url);
  let kind: PushKind = "push_other";
  const result = (status: Outcome["status"], text: string, more: Partial<Outcome> = {}): Outcome => ({
    ...{ status, text, kind, receipt: null, items: 0, error: status === 200 ? null : text },
    ...more,
  });
  try {
    if (isReader(env)) return result(503, "not here: this environment only reads");
    const config = pushConfig(env);
    const isToken = tokenCheck(config);
    const address = readAddress(url.pathname, isToken);
    kind = address.kind;
    // The vendor's portal verifies a URL with a GET, a HEAD or an empty POST.
    if (request.method === "GET" || request.method === "HEAD") return result(200, "success");
    if (request.method !== "POST") return result(405, `${request.method} is not for pushes: POST them`);
    if (config.PUSH_TOKENS.length === 0 && config.ENVIRONMENT !== "dev") {
      return result(503, "no push token is configured: wrangler secret put PUSH_TOKENS");
    }
    const body = await readBody(request, MOST_BODY_BYTES);
    if (body === "too_long") return result(413, `a body has at most ${MOST_BODY_BYTES} bytes`);
    if (body === "cut_off") return result(400, "the body ended early");
    if (body.trim() === "") return result(200, "success");
    const isKnown =
      config.PUSH_TOKENS.length === 0 || address.hasToken || hasTokenBeside(request, url, isToken);
    if (!isKnown && !hasTokenInside(body, isToken)) return await refuse(request, env, result);
    const envelope = openEnvelope(body);
    if (!isKnown && (envelope.token === null || !isToken(envelope.token))) {
      return await refuse(request, env, result);
    }

    kind = refineKind(kind, envelope.msgType);
    const receipt = newId();
    const origin: Origin = {
      receipt,
      source: "push",
      kind,
      account: null,
      imei: null,
      receivedAt: toIso(startedMs),
      via: {
        path: plain(withoutTokens(address.path, config), 200),
        msgType: envelope.msgType === null ? null : plain(envelope.msgType, 100),
        headers: readHeaders(request.headers, config),
      },
    };
    const items = envelope.items.map((item) =>
      typeof item === "string" ? withoutTokens(item, config) : item,
    );
    const sending = sendOrKeepWhole(env, origin, items, () => withoutTokens(body, config));
    // A vendor that hangs up must not end it half-way: the numbers it gave would be missed in the ledger.
    waitUntil(sending.catch(() => {}));
    return result(200, "success", { receipt, items: await sending });
  } catch (error) {
    // The queue did not take it, or we are misconfigured: the vendor tries again, and that is harmless.
    reportFailure(env, { event: "push", error, alike: [messageOf(error)], tags: { kind } });
    return result(503, "not taken: try again", { error: messageOf(error) });
  }
}

/**
 * An item nested a million deep can be read but not written down again. The others then travel as usual, and the body
 * as text in its place, so that nothing of it is lost.
 * @returns How many items were sent.
 */
async function sendOrKeepWhole(
  env: Env,
  origin: Origin,
  items: unknown[],
  body: () => string,
): Promise<number> {
  try {
    await sendItems(env, origin, items);
    return items.length;
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    const instead = [...items.filter(canBeWritten), body()];
    await sendItems(env, origin, instead);
    return instead.length;
  }
}

function canBeWritten(item: unknown): boolean {
  try {
    JSON.stringify(item);
    return true;
  } catch {
    return false;
  }
}

/** Only who fails to authenticate is counted: the vendor is never slowed down. */
async function refuse(
  request: Request,
  env: Env,
  result: (status: Outcome["status"], text: string) => Outcome,
): Promise<Outcome> {
  const { success } = await env.PUSH_LIMITER.limit({ key: addressOf(request) });
  return success
    ? result(401, "the push token is missing or wrong")
    : result(429, "too many pushes without the right token");
}
