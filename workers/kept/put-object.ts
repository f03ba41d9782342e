import { newId } from "../../shared/ids.ts";
import { describeObject, encodeObject, type KeptMessage } from "./kept-object.ts";

/** `2026/11/21/05`, of an ISO instant: the folders in which R2 keeps what was received then. */
export function hourOf(iso: string): string {
  return iso.slice(0, 13).replace("T", "/").replaceAll("-", "/");
}

/** A key that nothing has yet, below the hour of a folder. */
export function newKey(folder: string, hour: string, ending = "ndjson.gz"): string {
  return `${folder}/${hour}/${newId()}.${ending}`;
}

/** Puts messages into R2 as one object that says of itself what it holds. @throws whatever R2 throws. */
export async function putObject(
  env: Env,
  key: string,
  messages: KeptMessage[],
  reason: string,
  error = "",
): Promise<void> {
  await env.BUCKET.put(key, encodeObject(messages), {
    httpMetadata: { contentType: "application/x-ndjson", contentEncoding: "gzip" },
    customMetadata: describeObject(messages, reason, error),
  });
}
