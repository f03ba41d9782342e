import { env } from "cloudflare:workers";
import type { Message } from "../../../shared/message.ts";
import { type KeepReason, keep } from "../../../workers/kept/keep.ts";
import { keptMessageOf } from "../../../workers/kept/kept-object.ts";

/** Keeps messages in R2, as the writer does. */
export async function put(reason: KeepReason, messages: Message[], error = ""): Promise<void> {
  const kept = messages.map((one) => keptMessageOf(JSON.stringify(one), one));
  await keep(env, kept, reason, error);
}
