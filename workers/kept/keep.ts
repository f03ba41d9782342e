import { log } from "../../shared/log.ts";
import { nowMs, toIso } from "../../shared/time.ts";
import { type KeptMessage, timesOf } from "./kept-object.ts";
import { hourOf, newKey, putObject } from "./put-object.ts";

/**
 * Why messages wait in R2 instead of being written, by the folder that they wait in. `parked/waiting/` is fed back as
 * soon as the database answers; `parked/held/` waits for a Worker that understands it; `dead/` failed although the
 * database is healthy. Nothing in any of them expires.
 */
const FOLDERS = {
  database_away: "parked/waiting",
  retries_exhausted: "parked/waiting",
  unknown_version: "parked/held",
  unknown_kind: "parked/held",
  unreadable_message: "parked/held",
  too_much_refused: "parked/held",
  fails_alone: "dead",
  queue_gave_up: "dead",
} as const;

export type KeepReason = keyof typeof FOLDERS;

/** Where messages wait for a reason. */
export const folderOf = (reason: KeepReason): string => FOLDERS[reason];

/** A batch of the queue has no more, and the ids of more need not fit into the metadata of an object. */
const MOST_MESSAGES = 100;

/**
 * Keeps messages whole, with the reason, in one object a batch. Their time comes first in its key, so that a listing
 * begins with the oldest.
 * @throws whatever R2 throws; the caller then leaves the messages in the queue.
 */
export async function keep(env: Env, messages: KeptMessage[], reason: KeepReason, error = ""): Promise<void> {
  for (let from = 0; from < messages.length; from += MOST_MESSAGES) {
    await keepObject(env, messages.slice(from, from + MOST_MESSAGES), reason, error);
  }
}

async function keepObject(
  env: Env,
  messages: KeptMessage[],
  reason: KeepReason,
  error: string,
): Promise<void> {
  const key = newKey(FOLDERS[reason], hourOf(timesOf(messages)[0] ?? toIso(nowMs())));
  await putObject(env, key, messages, reason, error);
  log(reason === "database_away" ? "warn" : "error", "messages_kept", {
    reason,
    key,
    messages: messages.length,
    error,
  });
}
