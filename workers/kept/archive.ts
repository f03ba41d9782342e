import { storageConfig } from "../../shared/config.ts";
import { newId } from "../../shared/ids.ts";
import { log, messageOf } from "../../shared/log.ts";
import { VENDOR_KINDS } from "../../shared/message.ts";
import { hourOf } from "./keep.ts";
import { describeObject, encodeObject, type KeptMessage } from "./kept-object.ts";

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
  await Promise.all(Array.from(hours, ([hour, part]) => put(env, `raw/${hour}/${newId()}.ndjson.gz`, part)));
}

async function put(env: Env, key: string, messages: KeptMessage[]): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await env.BUCKET.put(key, encodeObject(messages), {
        httpMetadata: { contentType: "application/x-ndjson", contentEncoding: "gzip" },
        customMetadata: describeObject(messages, "arrived", ""),
      });
      return;
    } catch (error) {
      if (attempt < TRIES) continue;
      log("error", "archive_failed", { key, messages: messages.length, error: messageOf(error) });
      return;
    }
  }
}
