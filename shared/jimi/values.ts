import { plain } from "../text.ts";

/**
 * Tolerant readers for the vendor's values: numbers as text, "" and "-1" for unknown, five forms of time
 * (reference §1.4, §4). Each gives null for what it cannot read.
 */

/** Longer than any name or note, shorter than a hostile one. */
const MAX_TEXT_LENGTH = 500;

/** Trimmed text without what Postgres refuses: NUL and lone surrogates. Numbers become their text. */
export function readText(value: unknown): string | null {
  if (typeof value === "number" && Number.isFinite(value)) return String(value);
  if (typeof value !== "string") return null;
  const text = plain(value.trim(), MAX_TEXT_LENGTH).trim();
  return text === "" ? null : text;
}

/** A decimal number as text: `Number` alone would also read "0x10". */
const DECIMAL = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/** A finite number, from a number or its text. */
export function readNumber(value: unknown): number | null {
  if (typeof value === "number") return Number.isFinite(value) ? value : null;
  if (typeof value !== "string" || !DECIMAL.test(value.trim())) return null;
  const number = Number(value);
  return Number.isFinite(number) ? number : null;
}

/** A number within bounds; "-1" and other impossible values are unknown. */
export function readWithin(value: unknown, minimum: number, maximum: number): number | null {
  const number = readNumber(value);
  return number !== null && number >= minimum && number <= maximum ? number : null;
}

/** The same, rounded. */
export function readInteger(value: unknown, minimum: number, maximum: number): number | null {
  const number = readWithin(value, minimum, maximum);
  return number === null ? null : Math.round(number);
}

/** `1`, `"1"`, `"ON"`, `true` and their opposites. */
export function readFlag(value: unknown): boolean | null {
  if (typeof value === "boolean") return value;
  const text = readText(value)?.toUpperCase();
  if (text === "1" || text === "ON") return true;
  if (text === "0" || text === "OFF") return false;
  return null;
}

/** A heading in [0, 360), degrees from north; "-1" is unknown, 360 is north. */
export function readHeading(value: unknown): number | null {
  const degrees = readInteger(value, 0, 360);
  return degrees === 360 ? 0 : degrees;
}

/** An IMEI as digits; some models have 14 or 17. */
export function readImei(value: unknown): string | null {
  const text = readText(value);
  return text !== null && /^\d{14,17}$/.test(text) ? text : null;
}

const PLAIN_TIME = /^(\d{4})-(\d{1,2})-(\d{1,2})[ T](\d{1,2}):(\d{1,2}):(\d{1,2})(?:\.(\d{1,3})\d*)?Z?$/;

/** Below it a Unix time is in seconds, above in milliseconds: 1e11 s is the year 5138, 1e11 ms is 1973. */
const SECONDS_BELOW = 100_000_000_000;

/** Milliseconds since the epoch, from any of the vendor's five forms. Text without a zone is UTC. */
export function readTimeMs(value: unknown): number | null {
  const number = readNumber(value);
  if (number !== null) {
    return number <= 0 ? null : Math.round(number < SECONDS_BELOW ? number * 1000 : number);
  }
  const parts = PLAIN_TIME.exec(typeof value === "string" ? value.trim() : "");
  if (!parts) return null;
  const [year, month, day, hour, minute, second] = parts.slice(1, 7).map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const milliseconds = Number((parts[7] ?? "0").padEnd(3, "0"));
  const ms = Date.UTC(year, month - 1, day, hour, minute, second, milliseconds);
  const date = new Date(ms);
  // Date.UTC rolls the 31st of February over; such a text is broken, not a day in March.
  const rolledOver =
    date.getUTCFullYear() !== year ||
    date.getUTCMonth() !== month - 1 ||
    date.getUTCDate() !== day ||
    date.getUTCHours() !== hour;
  return rolledOver ? null : ms;
}
