import { parseJson } from "../../shared/text.ts";
import type { Store } from "../store/store.ts";
import { VERIFIED, type Verification, verification } from "./manifest.ts";
import { idOf, keyOf } from "./manifests.ts";

/** Notes what came of looking at a backup: alerts go by it. */
export async function noteVerification(store: Store, noted: Verification): Promise<void> {
  await store.put(keyOf(VERIFIED, noted.id), Buffer.from(JSON.stringify(noted)));
}

/** What was noted, by backup. What cannot be read says nothing. */
export async function readVerifications(store: Store): Promise<Map<string, Verification>> {
  const noted = new Map<string, Verification>();
  for await (const { key } of store.list(VERIFIED)) {
    const id = idOf(key, VERIFIED);
    const body = id === null ? null : await store.get(key);
    const { data } = verification.safeParse(parseJson(new TextDecoder().decode(body ?? undefined)));
    if (data && data.id === id) noted.set(id, data);
  }
  return noted;
}
