import { gunzipSync, gzipSync } from "node:zlib";
import * as z from "zod";
import type { Message } from "../../shared/message.ts";
import { parseJson, plain } from "../../shared/text.ts";
import { encodeIds, type KeptId } from "./message-ids.ts";

/** A message as it is kept: the text that travelled, and what could be read of it. */
export interface KeptMessage {
  text: string;
  id: KeptId | null;
  kind: string;
  receivedAt: string | null;
}

/** Enough of a message of any version to account for it. */
const header = z.object({
  id: z.object({ producer: z.string().max(100), sequence: z.int() }),
  kind: z.string().max(40).catch("unknown"),
  receivedAt: z.iso.datetime().catch(""),
  items: z.array(z.unknown()).catch([]),
  stored: z.string().nullable().catch(null),
});

/** Reads what is needed to account for a message, whatever it is. */
export function keptMessage(body: unknown): KeptMessage {
  const text = typeof body === "string" ? body : (JSON.stringify(body) ?? "null");
  const read = header.safeParse(parseJson(text));
  if (!read.success) return { text, id: null, kind: "unknown", receivedAt: null };
  const { id, kind, receivedAt, items, stored } = read.data;
  return {
    text,
    id: { ...id, items: stored === null ? items.length : 1 },
    kind,
    receivedAt: receivedAt || null,
  };
}

/** The same of a message that was read already. */
export function keptMessageOf(body: unknown, { id, kind, receivedAt, items }: Message): KeptMessage {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  const { producer, sequence } = id;
  return { text, id: { producer, sequence, items: items.length }, kind, receivedAt };
}

/** Messages of one object, a line each, compressed. */
export function encodeObject(messages: KeptMessage[]): Uint8Array {
  // A text that is no message may hold line breaks of its own.
  const lines = messages.map(({ text, id }) => (id === null ? JSON.stringify(text) : text));
  return gzipSync(`${lines.join("\n")}\n`);
}

/** The messages of an object, as the texts that travelled. */
export function decodeObject(bytes: ArrayBuffer): string[] {
  const lines = gunzipSync(new Uint8Array(bytes)).toString("utf8").split("\n").filter(Boolean);
  return lines.map((line) => (line.startsWith('"') ? String(JSON.parse(line)) : line));
}

/** What the metadata of an object says, so that a listing tells without opening it. All text, as R2 wants it. */
export const objectFacts = z.object({
  reason: z.string().catch("unknown"),
  error: z.string().catch(""),
  messages: z.coerce.number().catch(0),
  items: z.coerce.number().catch(0),
  kinds: z.string().catch(""),
  /** When the oldest and the newest of them were received. */
  from: z.string().catch(""),
  to: z.string().catch(""),
  ids: z.string().catch(""),
});
export type ObjectFacts = z.output<typeof objectFacts>;

/** R2 takes 8 KB of metadata. */
const MOST_IDS_CHARACTERS = 6_500;

/** The metadata of an object. */
export function describeObject(
  messages: KeptMessage[],
  reason: string,
  error: string,
): Record<string, string> {
  const ids = messages.flatMap(({ id }) => (id ? [id] : []));
  const times = timesOf(messages);
  return {
    reason,
    error: asHeader(error),
    messages: String(messages.length),
    items: String(ids.reduce((sum, { items }) => sum + items, 0)),
    kinds: [...new Set(messages.map(({ kind }) => kind))].join().slice(0, 500),
    from: times[0] ?? "",
    to: times.at(-1) ?? "",
    ids: encodeIds(ids).slice(0, MOST_IDS_CHARACTERS),
  };
}

/** When messages were received, the oldest first; those that do not say are left out. */
export function timesOf(messages: KeptMessage[]): string[] {
  return messages.flatMap(({ receivedAt }) => (receivedAt ? [receivedAt] : [])).sort();
}

/** Text as the metadata of an object may hold it, which travels as a header. */
export function asHeader(text: string): string {
  return plain(text, 500).replace(/[^\x20-\x7e]/g, "?");
}
