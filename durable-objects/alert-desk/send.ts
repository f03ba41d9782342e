import { Webhook } from "standardwebhooks";
import type { AlertTarget } from "../../shared/alert-config.ts";
import { nowMs } from "../../shared/time.ts";

/** Who answers later has not taken it. */
const PATIENCE_MS = 10_000;

/** Longer pauses than this are not heeded: the alert is about now. */
const LONGEST_RETRY_AFTER_S = 3_600;

/** What became of a try. */
export type Sent = { ok: true } | { ok: false; reason: string; retryAfterMs: number };

/**
 * Sends a message once. A webhook gets it signed by Standard Webhooks: `webhook-id` is the same at each try, and
 * `webhook-timestamp` that of the try.
 */
export async function send(target: AlertTarget, id: string, body: string, secret: string): Promise<Sent> {
  try {
    const response = await fetch(target.url, {
      method: "POST",
      headers: { "content-type": "application/json", ...signed(target, id, body, secret) },
      body,
      redirect: "manual",
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    await response.body?.cancel();
    if (response.ok) return { ok: true };
    const afterS = Number(response.headers.get("retry-after") ?? 0);
    const retryAfterS = Number.isFinite(afterS) ? Math.min(Math.max(afterS, 0), LONGEST_RETRY_AFTER_S) : 0;
    return { ok: false, reason: `it answered ${response.status}`, retryAfterMs: retryAfterS * 1_000 };
  } catch (error) {
    // Not the message of the error: it may hold the URL.
    const isLate = error instanceof Error && error.name === "TimeoutError";
    const reason = isLate ? `it did not answer in ${PATIENCE_MS / 1_000} s` : "it could not be reached";
    return { ok: false, reason, retryAfterMs: 0 };
  }
}

function signed({ kind }: AlertTarget, id: string, body: string, secret: string): Record<string, string> {
  if (kind !== "webhook") return {};
  const at = new Date(nowMs());
  return {
    "webhook-id": id,
    "webhook-timestamp": String(Math.floor(at.getTime() / 1_000)),
    "webhook-signature": new Webhook(secret).sign(id, at, body),
  };
}
