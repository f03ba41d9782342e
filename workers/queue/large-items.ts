import { hourOf, newKey } from "../kept/put-object.ts";

/**
 * Keeps an item that no queue message can hold; the message names it.
 * @param json the item as JSON text
 * @returns Its key.
 * @throws whatever R2 throws.
 */
export async function storeLargeItem(env: Env, receivedAt: string, json: string): Promise<string> {
  const key = newKey("large", hourOf(receivedAt), "json");
  await env.BUCKET.put(key, json, { httpMetadata: { contentType: "application/json" } });
  return key;
}

/** Whether the text of a message says that its item waits in R2. */
export function namesLargeItem(body: unknown): boolean {
  return typeof body === "string" && body.includes('"stored":"large/');
}

/** The item that a message names is not there. */
export class LargeItemMissing extends Error {
  override name = "LargeItemMissing";
}

/** The item kept under a key, as a list of one. @throws whatever R2 throws; LargeItemMissing where nothing is there. */
export async function fetchLargeItem(env: Env, key: string): Promise<unknown[]> {
  const object = await env.BUCKET.get(key);
  if (object === null) throw new LargeItemMissing(`The item stored as ${key} is not there`);
  return [await object.json()];
}
