import {
  ADDRESS_VERSION,
  AUDIT_VERSION,
  anyMessage,
  MESSAGE_KINDS,
  MESSAGE_VERSION,
  type Message,
  type MessageKind,
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
  const { stored } = known.data;
  const whole = stored === null ? known.data : { ...known.data, items: await fetchLargeItem(env, stored) };
  return holdsNewerRecord(whole) ? { keep: "unknown_version" } : readMessage(whole);
}

/** Records of our own that have a version of their own. */
const RECORD_VERSIONS: Partial<Record<MessageKind, number>> = {
  address: ADDRESS_VERSION,
  audit: AUDIT_VERSION,
};

function holdsNewerRecord({ kind, items }: Message): boolean {
  const known = RECORD_VERSIONS[kind] ?? Number.POSITIVE_INFINITY;
  return items.some((item) => Number((item as { v?: unknown } | null)?.v) > known);
}
