import { newId } from "../../shared/ids.ts";
import { log } from "../../shared/log.ts";
import { nowMs, toIso } from "../../shared/time.ts";

/** Why a message waits in R2 instead of being written. */
export type ParkReason =
  // A newer Worker sent it: this one was rolled back, or is not yet deployed everywhere.
  | "unknown_version"
  | "unknown_kind"
  | "unreadable_message"
  // The database refuses it although no item of it is to blame: a fault of ours.
  | "refused_by_database"
  | "too_large_for_the_queue";

/**
 * Keeps a message under `parked/`, whole, with its reason. Nothing there expires.
 * @throws whatever R2 throws; the caller then leaves the message in the queue.
 */
export async function park(env: Env, body: unknown, reason: ParkReason): Promise<void> {
  await keep(env, "parked", body, reason);
  log("error", "message_parked", { reason });
}

/** Keeps what the queue gave up on, under `dead/`. @throws whatever R2 throws. */
export async function bury(env: Env, body: unknown): Promise<void> {
  await keep(env, "dead", body, "retries_exhausted");
  log("error", "message_dead");
}

async function keep(env: Env, folder: "parked" | "dead", body: unknown, reason: string): Promise<void> {
  const at = toIso(nowMs());
  const key = `${folder}/${at.slice(0, 13).replace("T", "/")}/${newId()}.json`;
  await env.BUCKET.put(key, JSON.stringify({ reason, keptAt: at, message: body }), {
    httpMetadata: { contentType: "application/json" },
    customMetadata: { reason },
  });
}
