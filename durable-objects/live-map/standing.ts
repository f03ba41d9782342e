import { keyRecord } from "../../shared/access.ts";
import { log, messageOf } from "../../shared/log.ts";
import type { StreamCaller } from "./ticket.ts";

/** Whether the key of a stream still admits its caller. While KV does not answer, it does. */
export async function stands(keys: KVNamespace, { keyName, origin }: StreamCaller): Promise<boolean> {
  if (keyName === null) return true;
  try {
    const record = keyRecord.safeParse(await keys.get(keyName, "json"));
    return record.success && (record.data.kind === "sk" || record.data.origins.includes(origin ?? ""));
  } catch (error) {
    log("warn", "stream_key_unknown", { error: messageOf(error) });
    return true;
  }
}
