import type { DeviceFacts, ParsedItem, Rejection } from "../../records.ts";
import { parseJson, plain } from "../../text.ts";
import { toIso } from "../../time.ts";
import { noDeviceFacts } from "../device-item.ts";
import { type Arrival, imeiMissing, readEventTime } from "../event-time.ts";
import { md5 } from "../sign.ts";
import { readImei, readNumber, readTimeMs } from "../values.ts";

export type Fields = Record<string, unknown>;

/** An item whose device is known. */
export interface PushItem {
  /** Kind of the message it came in. */
  kind: string;
  imei: string;
  fields: Fields;
  arrival: Arrival;
}

/** Turns an item into records. Pure. */
export type PushParser = (fields: Fields, arrival: Arrival) => ParsedItem;

/** What an item tells beyond the device it names. `device` is what it tells of that. */
export type Told = Omit<ParsedItem, "imei" | "device"> & { device?: Partial<DeviceFacts> };

/**
 * A parser for items that must name a device. Whatever else becomes of the item, it registers the device: a push
 * may be the first to tell of it.
 */
export function parserOf(kind: string, read: (item: PushItem) => Told): PushParser {
  return (fields, arrival) => {
    const imei = readPushImei(fields);
    if (imei === null) return imeiMissing;
    if (isTooDeep(fields)) return { imei, rejection: tooDeep };
    const { device, ...told } = read({ kind, imei, fields, arrival });
    const seenAt = toIso(arrival.receivedMs);
    return { imei, device: { ...noDeviceFacts, ...device, imei, seenAt }, ...told };
  };
}

/** No real item has more levels. Deeper ones overflow the stack here or in Postgres. */
const MOST_LEVELS = 64;

/** The outcome for an item that only malice can have made. */
export const tooDeep: Rejection = {
  reason: "record_malformed",
  detail: `The item has more than ${MOST_LEVELS} levels`,
};

/** Whether a value has more levels than an item may have. */
export function isTooDeep(value: unknown, levels = MOST_LEVELS): boolean {
  if (typeof value !== "object" || value === null) return false;
  return levels === 0 || Object.values(value).some((inner) => isTooDeep(inner, levels - 1));
}

/** The device of an item, wherever the vendor put it (reference §3.1). */
export function readPushImei(fields: Fields): string | null {
  return (
    readImei(fields.deviceImei) ??
    readImei(fields.imei) ??
    readImei(fields.devImei) ??
    readImei(readObject(fields.msg)?.deviceImei) ??
    readImei(readObject(fields.data)?._imei)
  );
}

/** An object, or one written as JSON text. */
export function readObject(value: unknown): Fields | null {
  const object = typeof value === "string" && value.trimStart().startsWith("{") ? parseJson(value) : value;
  return typeof object === "object" && object !== null && !Array.isArray(object) ? (object as Fields) : null;
}

/** The first of several names under which a value can be read. */
export function readAlias<Value>(
  fields: Fields,
  aliases: readonly string[],
  read: (value: unknown) => Value | null,
): Value | null {
  for (const alias of aliases) {
    const value = read(fields[alias]);
    if (value !== null) return value;
  }
  return null;
}

/** MD5 of an item whatever the order of its keys, with its kind: several kinds look alike (reference §3.6). */
export function contentHash(kind: string, fields: Fields, ...more: string[]): string {
  return md5([kind, canonical(fields), ...more].join("\n"));
}

function canonical(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === "object" && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}

/** What Postgres keeps in `json` but cannot read from it: NUL and halves of surrogate pairs, as JSON writes them. */
const UNREADABLE = /\\u(0000|d[89a-f])/;

/** An item as JSON text that every query can read. */
function rawText(fields: Fields): string {
  const text = JSON.stringify(fields);
  return UNREADABLE.test(text) ? JSON.stringify(cleaned(fields)) : text;
}

function cleaned(value: unknown): unknown {
  if (typeof value === "string") return plain(value, value.length);
  if (Array.isArray(value)) return value.map(cleaned);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [plain(name, name.length), cleaned(inner)]),
  );
}

/** What the rows of all tables have: device, time, content. */
export function rowAt({ kind, imei, fields, arrival }: PushItem, at: string, ...more: string[]) {
  const hash = contentHash(kind, fields, ...more);
  const receivedAt = toIso(arrival.receivedMs);
  return { key: `${imei} ${at} ${hash}`, imei, at, hash, raw: rawText(fields), receivedAt };
}

/** When something happened; `undated` where nothing readable says so, and the receipt has to do. */
export interface Moment {
  at: string;
  undated: boolean;
}

/** The same for an item that may not say when it was. What is received twice has no time of its own in its key. */
export function rowOf(item: PushItem, { at, undated }: Moment, ...more: string[]) {
  const row = rowAt(item, at, ...more);
  return { ...row, undated, key: undated ? `${item.imei} undated ${row.hash}` : row.key };
}

/** The moment of an item without one. */
export function receiptOf(arrival: Arrival): Moment {
  return { at: toIso(arrival.receivedMs), undated: true };
}

/** The time of an item under the first of several names that can be read. */
export function readMoment(fields: Fields, aliases: readonly string[], arrival: Arrival): Moment | Rejection {
  const alias = aliases.find((name) => readTimeMs(fields[name]) !== null);
  if (alias === undefined) return receiptOf(arrival);
  const time = readEventTime(alias, fields[alias], arrival);
  return "reason" in time ? time : { at: toIso(time.ms), undated: false };
}

/** A latitude and a longitude; 0,0 and what is off the globe are none. */
export function readPlace(latitude: unknown, longitude: unknown) {
  const lat = readNumber(latitude);
  const lng = readNumber(longitude);
  const known =
    lat !== null && lng !== null && (lat !== 0 || lng !== 0) && Math.abs(lat) <= 90 && Math.abs(lng) <= 180;
  return known ? { lat, lng } : { lat: null, lng: null };
}
