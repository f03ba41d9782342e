import { MESSAGE_KINDS } from "../../shared/message.ts";
import { nowMs } from "../../shared/time.ts";
import { decodeObject, keptMessage } from "../kept/kept-object.ts";
import { type Archived, HOUR_MS, hourAt, nextHour, objectsOf } from "./archive-hours.ts";
import { FirstMessages, type Found } from "./first-messages.ts";
import { compare, type Position, startOf } from "./position.ts";
import type { SkippedList } from "./skipped.ts";

/** Text of a piece: parsed and gathered it takes ten times as much memory. */
const MOST_WEIGHT = 2_000_000;

/** An item that waits in R2 is larger than a message may be, and nobody knows by how much before it is read. */
const STORED_WEIGHT = 500_000;

/** Small objects are as slow to read as large ones: so many take two or three seconds. */
const MOST_OBJECTS = 300;

/** So long messages are looked for; then those that were found are written. */
const PATIENCE_MS = 10_000;

const KNOWN_KINDS: ReadonlySet<string> = new Set(MESSAGE_KINDS);

/** Reads of R2 that may wait at once. */
const AT_ONCE = 6;

/** Twice what a full batch of the queue can hold, and uncompressed: such an object is not ours. */
const MOST_BYTES = 8_000_000;

/** What is to be played: messages received in [fromMs, beforeMs). */
export interface Span {
  fromMs: number;
  beforeMs: number;
  kinds: ReadonlySet<string>;
}

/** The next messages to play. */
export interface NextMessages {
  /** In order. */
  found: Found[];
  /** Where to go on; null when nothing follows. */
  next: Position | null;
}

/**
 * Finds the messages of a span that come after a position, in order, and no more than fit into one piece.
 * @throws whatever R2 throws
 */
export async function findMessages(
  env: Env,
  span: Span,
  after: Position,
  skipped: SkippedList,
): Promise<NextMessages> {
  const search: Search = { env, span, after, skipped, deadlineMs: nowMs() + PATIENCE_MS, objects: 0 };
  const found: Found[] = [];
  let room = MOST_WEIGHT;
  let fromMs = after.receivedMs;
  for (;;) {
    const hourMs = await nextHour(env, fromMs, span.beforeMs, skipped);
    if (hourMs === null) return { found, next: null };
    fromMs = hourMs + HOUR_MS;
    const part = await searchHour(search, hourMs, room);
    found.push(...part.found);
    room -= part.weight;
    if (!part.isWhole) return { found, next: found.at(-1) ?? after };
    if (fromMs >= span.beforeMs) return { found, next: null };
    if (room <= 0 || isTired(search)) return { found, next: startOf(fromMs) };
  }
}

/** A search and what it has cost so far. */
interface Search {
  env: Env;
  span: Span;
  after: Position;
  skipped: SkippedList;
  deadlineMs: number;
  objects: number;
}

const isTired = ({ deadlineMs, objects }: Search) => objects >= MOST_OBJECTS || nowMs() > deadlineMs;

interface HourPart {
  found: Found[];
  weight: number;
  /** Nothing of the hour is left. */
  isWhole: boolean;
}

/**
 * Searches the objects of an hour in the order of their first messages. Their times overlap: a message is surely the
 * next only once every object is read that begins before it.
 */
async function searchHour(search: Search, hourMs: number, room: number): Promise<HourPart> {
  const { env, span, after, skipped } = search;
  const objects = (await objectsOf(env, hourMs, skipped)).filter((object) => mayHold(object, span, after));
  const first = new FirstMessages(room);
  for (let at = 0; at < objects.length; at += AT_ONCE) {
    const group = objects.slice(at, at + AT_ONCE);
    const groupMs = group[0]?.firstMs ?? hourMs;
    if (first.isClosedFrom(groupMs)) break;
    if (isTired(search)) {
      const safe = first.toList().filter(({ receivedMs }) => receivedMs < groupMs);
      if (safe.length > 0) return { found: safe, weight: first.weight, isWhole: false };
    }
    search.objects += group.length;
    const bodies = await Promise.all(group.map((object) => readBody(env, object, skipped)));
    // One after the other: unpacked they are ten times as large.
    for (const [index, body] of bodies.entries()) {
      const key = group[index]?.key ?? "";
      if (body !== null) first.add(messagesIn(key, body, hourMs, search));
    }
  }
  return { found: first.toList(), weight: first.weight, isWhole: !first.isFull };
}

function mayHold({ firstMs, lastMs, kinds }: Archived, span: Span, after: Position): boolean {
  if (firstMs >= span.beforeMs || lastMs < Math.max(span.fromMs, after.receivedMs)) return false;
  return kinds?.some((kind) => span.kinds.has(kind)) ?? true;
}

async function readBody(
  env: Env,
  { key, bytes }: Archived,
  skipped: SkippedList,
): Promise<ArrayBuffer | null> {
  if (bytes > MOST_BYTES) {
    skipped.add(key, "too_large", "object");
    return null;
  }
  const object = await env.BUCKET.get(key);
  return object === null ? null : object.arrayBuffer();
}

/** The messages of an object that are to be played. */
function messagesIn(
  key: string,
  body: ArrayBuffer,
  hourMs: number,
  { span, after, skipped }: Search,
): Found[] {
  return linesOf(key, body, skipped).flatMap((text): Found[] => {
    const { id, kind, receivedAt } = keptMessage(text);
    const receivedMs = Date.parse(receivedAt ?? "");
    if (id === null || Number.isNaN(receivedMs)) {
      skipped.add(key, "unreadable_message", "message");
      return [];
    }
    if (hourAt(receivedMs) !== hourMs) {
      skipped.add(key, "wrong_hour", "message");
      return [];
    }
    if (!KNOWN_KINDS.has(kind)) {
      skipped.add(key, "unknown_kind", "message");
      return [];
    }
    const { producer, sequence } = id;
    const position = { receivedMs, producer, sequence };
    const isWanted = receivedMs >= span.fromMs && receivedMs < span.beforeMs && span.kinds.has(kind);
    if (!isWanted || compare(position, after) <= 0) return [];
    return [{ ...position, text, key, weight: weightOf(text) }];
  });
}

/** An item can say the same of itself; its message is then only taken for heavier. */
function weightOf(text: string): number {
  return text.includes('"stored":"') ? Math.max(STORED_WEIGHT, text.length) : text.length;
}

function linesOf(key: string, body: ArrayBuffer, skipped: SkippedList): string[] {
  try {
    return decodeObject(body);
  } catch {
    skipped.add(key, "unreadable_object", "object");
    return [];
  }
}
