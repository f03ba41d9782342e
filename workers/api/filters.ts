import { z } from "@hono/zod-openapi";

/** More values than any map asks for; beyond it the request is a mistake. */
const MOST_VALUES = 100;

/** How a filter made with `anyOf` is described. */
export const LIST_HINT = "One or more values, separated by commas";

/** Text that Postgres can take: no NUL, no lone surrogate. */
export const plainText = z
  .string()
  .refine((text) => !text.includes("\0") && text.isWellFormed(), "must be plain text");

/** A decimal number: JavaScript's own reading would also take "0x10" and "". */
export function readDecimal(text: string): number {
  return /^-?\d+(\.\d+)?$/.test(text.trim()) ? Number(text) : Number.NaN;
}

/** Instants that a calendar here can mean; Postgres refuses some that JavaScript reads. */
const EARLIEST_MS = Date.UTC(2000, 0);
const LATEST_MS = Date.UTC(2200, 0);

/** An ISO 8601 instant with its zone, as UTC text. */
export const instantParameter = z.iso
  .datetime({ offset: true, error: "must be an instant like 2026-01-15T08:30:00Z" })
  .refine((text) => {
    const ms = Date.parse(text);
    return ms >= EARLIEST_MS && ms < LATEST_MS;
  }, "must be between the years 2000 and 2200")
  .transform((text) => new Date(text).toISOString())
  .openapi({ type: "string", format: "date-time" });

/** An instant of a place in a list, as a statement wrote it: with all its digits. */
export const placeInstant = z.iso.datetime().refine((at) => instantParameter.safeParse(at).success);

/** How many entries of a page, in a query string. */
export const pageLimit = z
  .string()
  .default("100")
  .transform(readDecimal)
  .pipe(z.int().min(1).max(1_000))
  .openapi({ type: "integer", minimum: 1, maximum: 1_000, default: 100, example: 50 });

/** An IMEI, as every path and filter takes it. */
export const imeiText = z.string().regex(/^\d{14,17}$/, "must be 14 to 17 digits");

/** The id of something, as a path names it. */
export const uuidInPath = z
  .uuid("must be a UUID")
  .transform((id) => id.toLowerCase())
  .openapi({ type: "string", param: { name: "id", in: "path" } });

/** A short name, like that of a reason or a kind. */
export const word = z.string().regex(/^[\w-]{1,60}$/, "must be a word");

/** `a,b,c` in a query string; absent means any. */
export function anyOf<Value extends z.ZodType<unknown, string>>(value: Value) {
  return z
    .string()
    .transform((text) =>
      text
        .split(",")
        .map((part) => part.trim())
        .filter(Boolean),
    )
    .pipe(
      z.array(value).min(1, "must not be empty").max(MOST_VALUES, `must be at most ${MOST_VALUES} values`),
    )
    .optional()
    .openapi({ type: "string" });
}

/** A part of a text. */
export const contains = plainText
  .trim()
  .min(1, "must not be empty")
  .max(100, "must be at most 100 characters")
  .optional()
  .openapi({ type: "string" });

/** A list as the JSON that a statement takes; null for any. */
export const jsonList = (values: string[] | undefined) => (values ? JSON.stringify(values) : null);

/** A part of a text as a LIKE pattern, in which the caller's own wildcards are plain characters; null for any. */
export const likePattern = (part: string | undefined) =>
  part === undefined ? null : `%${part.replace(/[\\%_]/g, "\\$&")}%`;
