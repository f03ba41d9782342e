import { toIso } from "../../shared/time.ts";
import { everyKept, type Kept, listKept } from "../kept/listing.ts";
import { hourOf } from "../kept/put-object.ts";
import type { SkippedList } from "./skipped.ts";

export const HOUR_MS = 3_600_000;

/** The hour that a moment is in. */
export const hourAt = (ms: number) => Math.floor(ms / HOUR_MS) * HOUR_MS;

const folderOf = (hourMs: number) => `raw/${hourOf(toIso(hourMs))}/`;

/** An object of the archive, as its metadata describe it; without them it may hold anything of its hour. */
export interface Archived {
  key: string;
  bytes: number;
  firstMs: number;
  lastMs: number;
  /** Kinds of its messages; null where the metadata do not say. */
  kinds: string[] | null;
}

/**
 * The first hour from a moment on, and before another, of which something was archived; null when there is none.
 * @throws whatever R2 throws
 */
export async function nextHour(
  env: Env,
  fromMs: number,
  beforeMs: number,
  skipped: SkippedList,
): Promise<number | null> {
  let startAfter = folderOf(hourAt(fromMs));
  for (;;) {
    const { objects } = await listKept(env, "raw/", { startAfter, limit: 50 });
    for (const { key } of objects) {
      const hourMs = hourOfKey(key);
      if (hourMs !== null) return hourMs < beforeMs ? hourMs : null;
      skipped.add(key, "foreign_key", "object");
      startAfter = key;
    }
    if (objects.length === 0) return null;
  }
}

/** Every object of an hour, in the order of their first messages. @throws whatever R2 throws */
export async function objectsOf(env: Env, hourMs: number, skipped: SkippedList): Promise<Archived[]> {
  const objects: Archived[] = [];
  for await (const kept of everyKept(env, folderOf(hourMs))) {
    if (hourOfKey(kept.key) === null) skipped.add(kept.key, "foreign_key", "object");
    else objects.push(archived(kept, hourMs));
  }
  return objects.sort((a, b) => a.firstMs - b.firstMs);
}

/** Only what is needed here: the ids of an object's messages are by far most of what is known of it. */
function archived({ key, bytes, from, to, kinds }: Kept, hourMs: number): Archived {
  const firstMs = Date.parse(from);
  const lastMs = Date.parse(to);
  const isDated = firstMs >= hourMs && lastMs >= firstMs && lastMs < hourMs + HOUR_MS;
  // The list of the kinds is cut where it is too long for metadata.
  const saysKinds = kinds !== "" && kinds.length < 400;
  return {
    key,
    bytes,
    firstMs: isDated ? firstMs : hourMs,
    lastMs: isDated ? lastMs : hourMs + HOUR_MS - 1,
    kinds: saysKinds ? kinds.split(",") : null,
  };
}

function hourOfKey(key: string): number | null {
  const [, year, month, day, hour] = /^raw\/(\d{4})\/(\d\d)\/(\d\d)\/(\d\d)\/[^/]+$/.exec(key) ?? [];
  const iso = `${year}-${month}-${day}T${hour}:00:00.000Z`;
  const ms = Date.parse(iso);
  return Number.isNaN(ms) || toIso(ms) !== iso ? null : ms;
}
