import * as z from "zod";
import { parseJson } from "../text.ts";
import { nowMs, toIso } from "../time.ts";
import { classify, type JimiFailure } from "./failures.ts";
import { type JimiParameters, sign } from "./sign.ts";

/** Where to send requests and how to sign them. */
export interface JimiEndpoint {
  url: string;
  appKey: string;
  appSecret: string;
}

/** The payload of an answer that succeeded. */
export interface JimiAnswer {
  result: unknown;
  /** Where the report methods put theirs. */
  data: unknown;
}

export type JimiResult<Value> = { ok: true; value: Value } | { ok: false; failure: JimiFailure };

/** Above what the slowest of the other methods needs at 15,000 vehicles, below the minute of the live poll. */
const REQUEST_TIMEOUT_MS = 20_000;

/** 137 s have been seen (reference §2.7). */
const SLOW_REQUEST_TIMEOUT_MS = 180_000;

const SLOW_METHODS = new Set(["jimi.device.track.list"]);

const envelope = z.object({
  code: z.union([z.number(), z.string()]).transform(String),
  message: z.string().catch(""),
  // Either key may be missing altogether (reference §1.7).
  result: z.unknown().optional(),
  data: z.unknown().optional(),
});

/**
 * Sends one signed request and reads the verdict. No retry: each one needs a fresh timestamp and thus a
 * fresh call of this function.
 */
export async function request(
  endpoint: JimiEndpoint,
  method: string,
  parameters: JimiParameters,
): Promise<JimiResult<JimiAnswer>> {
  const signed: JimiParameters = {
    ...withoutEmpty(parameters),
    method,
    timestamp: vendorTime(nowMs()),
    app_key: endpoint.appKey,
    sign_method: "md5",
    v: "1.0",
    format: "json",
  };
  signed.sign = sign(signed, endpoint.appSecret);

  let status: number;
  let body: string;
  try {
    const response = await fetch(endpoint.url, {
      method: "POST",
      headers: { "content-type": "application/x-www-form-urlencoded; charset=UTF-8" },
      body: new URLSearchParams(signed).toString(),
      // A redirect would carry token and signature to somebody else.
      redirect: "manual",
      signal: AbortSignal.timeout(SLOW_METHODS.has(method) ? SLOW_REQUEST_TIMEOUT_MS : REQUEST_TIMEOUT_MS),
    });
    status = response.status;
    body = await response.text();
  } catch (error) {
    // The message of a failed fetch can quote the request, and with it the token: it is not repeated.
    const why =
      error instanceof Error && error.name === "TimeoutError" ? "did not answer in time" : "is unreachable";
    return failed("unreachable", `Tracksolid ${why}`);
  }
  const parsed = envelope.safeParse(parseJson(body));
  if (!parsed.success) {
    return failed("unreadable", `Tracksolid answered HTTP ${status} with ${describe(body)}`);
  }
  const { code, message, result, data } = parsed.data;
  return code === "0"
    ? { ok: true, value: { result, data } }
    : { ok: false, failure: classify(code, message) };
}

/** `yyyy-MM-dd HH:mm:ss` in UTC, the form of every time we send. */
export function vendorTime(ms: number): string {
  return toIso(ms).slice(0, 19).replace("T", " ");
}

function withoutEmpty(parameters: JimiParameters): JimiParameters {
  return Object.fromEntries(Object.entries(parameters).filter(([, value]) => value !== ""));
}

function failed(kind: JimiFailure["kind"], message: string): { ok: false; failure: JimiFailure } {
  return { ok: false, failure: { kind, message } };
}

/** Enough to recognise the page of a proxy, without copying an answer into the log. */
function describe(body: string): string {
  const start = body.trimStart().slice(0, 60).replace(/\s+/g, " ");
  if (start === "") return "an empty body";
  return start.startsWith("<") ? "an HTML page" : "text that is not its JSON envelope";
}
