import { log, messageOf } from "../../shared/log.ts";
import { folderOf, type KeepReason } from "./keep.ts";
import { asHeader } from "./kept-object.ts";
import type { Kept } from "./listing.ts";

const REASON: KeepReason = "fails_alone";

/**
 * Moves an object that cannot be written to `dead/`, as it is: it may not even be readable.
 * @returns False where R2 does not let it: it is still where it was.
 */
export async function bury(env: Env, { key }: Kept, error: string): Promise<boolean> {
  try {
    const object = await env.BUCKET.get(key);
    if (object === null) return true;
    const dead = key.replace(/^.*?(?=\d{4}\/)/, `${folderOf(REASON)}/`);
    await env.BUCKET.put(dead, await object.arrayBuffer(), {
      httpMetadata: object.httpMetadata ?? {},
      customMetadata: { ...object.customMetadata, reason: REASON, error: asHeader(error) },
    });
    await env.BUCKET.delete(key);
    log("error", "object_buried", { key, dead, error });
    return true;
  } catch (failure) {
    log("error", "burying_failed", { key, error: messageOf(failure) });
    return false;
  }
}
