import { storageConfig } from "../../shared/config.ts";
import { log, messageOf } from "../../shared/log.ts";
import { VENDOR_KINDS } from "../../shared/message.ts";
import type { KeptMessage } from "./kept-object.ts";
import { hourOf, newKey, putObject } from "./put-object.ts";

/** Facts are written already: what cannot be archived now holds nothing up for longer. */
const TRIES = 3;

/**
 * Keeps what arrived under `raw/`, by the hour it was received, so that it can be played again. Best effort after
 * {@link TRIES}: the rows are committed, and their messages must not be held back by R2.
 */
export async function archive(env: Env, messages: KeptMessage[]): Promise<void> {
  if (storageConfig(env).ARCHIVE_RAW === "off") return;
  const vendors = messages.filter(({ kind }) => (VENDOR_KINDS as readonly string[]).includes(kind));
  const hours = Map.groupBy(vendors, ({ receivedAt }) => hourOf(receivedAt ?? ""));
  await Promise.all(Array.from(hours, ([hour, part]) => put(env, newKey("raw", hour), part)));
}

async function put(env: Env, key: string, messages: KeptMessage[]): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await putObject(env, key, messages, "arrived");
    } catch (error) {
      if (attempt < TRIES) continue;
      log("error", "archive_failed", { key, messages: messages.length, error: messageOf(error) });
      return;
    }
  }
}
