import { keyRecord } from "../../shared/access.ts";
import { log, messageOf } from "../../shared/log.ts";
import { nowMs, within } from "../../shared/time.ts";
import type { StreamCaller } from "./ticket.ts";

/** A slow KV must not hold up the others. */
const PATIENCE_MS = 2_000;

/** Whether the key of a stream still admits its caller. While KV does not answer, it does. */
export async function stands(keys: KVNamespace, { keyName, origin }: StreamCaller): Promise<boolean> {
  if (keyName === null) return true;
  try {
    const looked = await within(
      keys.get(keyName, "json").then((record) => ({ record })),
      PATIENCE_MS,
    );
    if (looked === undefined) throw new Error(`KV took longer than ${PATIENCE_MS} ms`);
    const record = keyRecord.safeParse(looked.record);
    if (!record.success) return false;
    const { kind, scopes, origins, expiresAt } = record.data;
    return (
      scopes.includes("read") &&
      (kind !== "pk" || origins.includes(origin ?? "")) &&
      (expiresAt === null || Date.parse(expiresAt) > nowMs())
    );
  } catch (error) {
    log("warn", "stream_key_unknown", { error: messageOf(error) });
    return true;
  }
}
