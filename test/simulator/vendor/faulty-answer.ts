import type { Fault } from "../world/faults.ts";
import type { World } from "../world/world.ts";
import { CODE, invalidToken, tooFrequent, tooFrequentToday, VendorError } from "./errors.ts";

/** A call that is never answered is dropped after so long. */
const TIMEOUT_MS = 120_000;
/** Nobody is kept waiting for an answer for longer; tracks were seen to take 137 s (reference §2.7). */
const LONGEST_WAIT_MS = 300_000;
const SLOW_MS = 5_000;

/** An answer as JSON, before it becomes text. */
export type Envelope = Record<string, unknown>;

/** What is sent: a body after a delay, or nothing but a closed connection. */
export interface Reply {
  /** Null when the connection is destroyed without an answer. */
  body: string | null;
  status: number;
  contentType: string;
  delayMs: number;
  /** For the call log; null when the answer carries none. */
  code: number | string | null;
}

const JSON_TYPE = "application/json;charset=utf-8";

/** An answer sent as it is. */
export function plainReply(envelope: Envelope): Reply {
  const code = envelope.code as number | string;
  return { body: JSON.stringify(envelope), status: 200, contentType: JSON_TYPE, delayMs: 0, code };
}

type Params = Record<string, string>;

/**
 * The answer a call would have got, spoilt by a fault.
 *
 * @param answer answers the call, or another one in its place
 */
export function faultyReply(
  fault: Fault,
  world: World,
  answer: (instead?: (params: Params) => Params) => Envelope,
): Reply {
  switch (fault.kind) {
    case "html":
      return page(200, "Welcome");
    case "http500":
      return { ...plainReply({ error: "Internal Server Error" }), status: 500, code: null };
    case "http502html":
      return page(502, "502 Bad Gateway");
    case "timeout":
      return { ...dropped(), delayMs: TIMEOUT_MS };
    case "reset":
      return dropped();
    case "slow":
      return { ...plainReply(answer()), delayMs: Math.min(fault.delayMs ?? SLOW_MS, LONGEST_WAIT_MS) };
    case "truncated-json": {
      const whole = plainReply(answer());
      return { ...whole, body: whole.body?.slice(0, Math.ceil(whole.body.length / 2)) ?? null, code: null };
    }
    case "busy":
      return refused(new VendorError(CODE.busy, "Operation successful")); // sic (§4, quirk 24)
    case "parameter":
      return refused(new VendorError(CODE.parameter, "Parameter validation failed"));
    case "illegal":
      return refused(new VendorError(CODE.illegal, "Illegal user or device"));
    case "token":
      return refused(invalidToken());
    case "token-expired":
      world.tokens.expireAll();
      return refused(invalidToken());
    case "ip-limit":
      return refused(new VendorError(CODE.ipLimit, "Illegal access, too many requests from this IP"));
    case "frequency":
      return refused(tooFrequent());
    case "quota":
      return refused(tooFrequentToday());
    case "null-result":
      return altered(answer(), (envelope) => ({ ...envelope, result: null }));
    case "missing-result":
      return altered(answer(), ({ result: _, ...envelope }) => envelope);
    case "empty-result":
      return altered(answer(), (envelope) => ({ ...envelope, result: [] }));
    case "code-as-text":
      return altered(answer(), (envelope) => ({ ...envelope, code: String(envelope.code) }));
    case "expires-as-text":
      return altered(answer(), (envelope) => {
        const result = envelope.result as { expiresIn: number | string };
        return { ...envelope, result: { ...result, expiresIn: String(result.expiresIn) } };
      });
    case "same-page":
      return plainReply(answer(firstPage));
    case "wrong-code-type-error": {
      const envelope = answer();
      const error = envelope.code === 0 ? errorEnvelope(invalidToken()) : envelope;
      return plainReply({ ...error, code: String(error.code) });
    }
  }
}

/** Whichever page is asked for, in either way of paging; the first row may be called 0 or 1. */
function firstPage(params: Params): Params {
  const { start_row, page_size } = params;
  return {
    ...params,
    page_no: "1",
    ...(start_row && page_size ? { start_row: String(Number(start_row) % Number(page_size)) } : {}),
  };
}

export function errorEnvelope(error: VendorError): Envelope {
  return { code: error.code, message: error.message };
}

const refused = (error: VendorError): Reply => plainReply(errorEnvelope(error));

/** Changes a success; an error stays what it is. */
const altered = (envelope: Envelope, change: (envelope: Envelope) => Envelope): Reply =>
  plainReply(envelope.code === 0 ? change(envelope) : envelope);

const dropped = (): Reply => ({ body: null, status: 0, contentType: "", delayMs: 0, code: null });

const page = (status: number, title: string): Reply => ({
  body: `<html><head><title>${title}</title></head><body><center><h1>${title}</h1></center><hr>nginx</body></html>`,
  status,
  contentType: "text/html",
  delayMs: 0,
  code: null,
});
