import {
  ADDRESS_VERSION,
  anyMessage,
  MESSAGE_KINDS,
  MESSAGE_VERSION,
  type Message,
  message,
} from "../../shared/message.ts";
import { parseJson } from "../../shared/text.ts";
import type { KeepReason } from "../kept/keep.ts";
import { fetchLargeItem } from "../queue/large-items.ts";
import { type ReadMessage, readMessage } from "./parse.ts";

/** A message with its items read, or why this Worker cannot read it. */
export type Understood = ReadMessage | { keep: KeepReason };

/**
 * Reads a message from its text. One that a newer Worker sent is kept for it, not judged by this one.
 * @throws whatever R2 throws, for a message whose item waits there.
 */
export async function understand(env: Env, text: unknown): Promise<Understood> {
  // Text is how messages travel; whatever else comes is judged as it is.
  const body = typeof text === "string" ? parseJson(text) : text;
  const any = anyMessage.safeParse(body);
  if (!any.success) return { keep: "unreadable_message" };
  if (any.data.v !== MESSAGE_VERSION) return { keep: "unknown_version" };
  if (!(MESSAGE_KINDS as readonly string[]).includes(any.data.kind)) return { keep: "unknown_kind" };
  const known = message.safeParse(body);
  if (!known.success) return { keep: "unreadable_message" };
  if (holdsNewerRecord(known.data)) return { keep: "unknown_version" };
  const { stored } = known.data;
  return readMessage(
    stored === null ? known.data : { ...known.data, items: await fetchLargeItem(env, stored) },
  );
}

/** Addresses are records of our own, with a version of their own. */
function holdsNewerRecord({ kind, items }: Message): boolean {
  const versionOf = (item: unknown) => (item as { v?: unknown } | null)?.v;
  return kind === "address" && items.some((item) => Number(versionOf(item)) > ADDRESS_VERSION);
}
