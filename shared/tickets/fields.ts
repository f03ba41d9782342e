import * as z from "zod";
import { toIso } from "../time.ts";

/** How far a zone is ahead of UTC at the hour of a local time, ms. Reading it is slow, hours repeat. */
export type OffsetOf = (localMs: number) => number;

/** How the text of a value is read. Each says why it cannot be. */
export interface FieldOptions {
  /** Zone of times that name none; undefined where such are refused. */
  zone: OffsetOf | undefined;
  nowMs: number;
  /** What whoever gave the rows calls a column. */
  nameOf: (column: string) => string;
}

/** Longer than any name; a whole document in a cell is a file that was read wrongly. */
const MOST_CHARACTERS = 500;

/** A clock may be a little ahead, a day is a mistake. */
const MOST_AHEAD_MS = 86_400_000;

const INSTANT = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?))?\s?(Z|[+-]\d\d(?::?\d\d)?)?$/;

/** An instant as UTC text; without a zone it is local time of the zone of the options. */
export function instant({ zone, nowMs }: Pick<FieldOptions, "zone" | "nowMs">, when: "past" | "any") {
  return z.string().transform((text, context) => {
    const fail = (reason: string) => {
      context.addIssue({ code: "custom", message: `"${text}" ${reason}` });
      return z.NEVER;
    };
    const [, day = "", time = "00:00", offset] = INSTANT.exec(text) ?? [];
    const [hours = "", minutes = "00"] = offset === "Z" ? [] : (offset?.match(/[+-]?\d\d/g) ?? []);
    const writtenMs = Date.parse(`${day}T${time}${hours === "" ? "Z" : `${hours}:${minutes}`}`);
    // The 31st of February would be a day in March.
    if (Number.isNaN(writtenMs) || new Date(`${day}T00:00:00Z`).toJSON().slice(0, 10) !== day) {
      return fail("is no time: write 2026-01-15T06:00Z or 2026-01-15 09:00+03:00");
    }
    if (offset === undefined && zone === undefined) {
      return fail("names no zone: add it (2026-01-15T06:00Z), or say --zone for the whole file");
    }
    const ms = offset === undefined ? writtenMs - (zone?.(writtenMs) ?? 0) : writtenMs;
    if (ms < Date.UTC(2000) || ms > Date.UTC(2100)) return fail("is not between 2000 and 2100");
    if (when === "past" && ms > nowMs + MOST_AHEAD_MS) return fail("is yet to come");
    return toIso(ms);
  });
}

/** A number; a comma may separate thousands or decimals, so none is taken. */
export function number(least: number, most: number) {
  return z.string().transform((text, context) => {
    const value = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) ? Number(text) : Number.NaN;
    if (!Number.isNaN(value) && value >= least && value <= most) return value;
    const reason = Number.isNaN(value) ? "is no number" : `is not between ${least} and ${most}`;
    context.addIssue({ code: "custom", message: `"${text}" ${reason}` });
    return z.NEVER;
  });
}

export const text = z.string().max(MOST_CHARACTERS, `has more than ${MOST_CHARACTERS} characters`);

/** A number as a spreadsheet shows long ones: its last digits are lost. */
export const ROUNDED = /^\d([.,]\d+)?E\+?\d+$/i;
export const ROUNDED_IMEI =
  "is an IMEI that a spreadsheet rounded: format the column as text and export again";

export const imei = z
  .string()
  .refine((digits) => !ROUNDED.test(digits), ROUNDED_IMEI)
  .regex(/^\d{14,17}$/, "is no IMEI of 14 to 17 digits");

export const currency = z
  .string()
  .transform((code) => code.toUpperCase())
  .pipe(z.string().regex(/^[A-Z]{3}$/, "is no currency of three letters (ISO 4217)"));

/** A cell as text; null where it is empty. @throws a reason where it is no text that can be kept */
export function cellText(value: unknown): string | null {
  if (value === null || value === undefined) return null;
  if (typeof value !== "string" && typeof value !== "number") throw new Error("is neither text nor number");
  if (Number.isInteger(value) && !Number.isSafeInteger(value)) {
    throw new Error("has lost its last digits as a number: write it in quotes");
  }
  const cell = String(value).trim();
  return cell === "" ? null : cell;
}

/** Whether Postgres can keep all texts of a value: it knows no NUL and no half of a surrogate pair. */
export function isKeepable(value: unknown): boolean {
  if (typeof value === "string") return !value.includes("\0") && value.isWellFormed();
  if (typeof value !== "object" || value === null) return true;
  return Object.entries(value).every(([name, inner]) => isKeepable(name) && isKeepable(inner));
}
