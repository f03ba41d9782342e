import * as z from "zod";

const value = z.union([z.string(), z.number(), z.boolean(), z.null()]);

/** Parameters of a statement, `$1` first. */
export const parameters = z
  .array(z.union([value, z.array(value)]))
  .max(100)
  .default([])
  .describe(
    'Values for $1, $2, …: text, numbers, booleans, null, or lists of them for arrays (`imei = any($1)`). Pass JSON as text and cast it: "$1::text::json".',
  );

/** Each as the server reads it from text. */
export const toText = (values: z.output<typeof parameters>): (string | null)[] =>
  values.map((one) => (one === null ? null : Array.isArray(one) ? arrayText(one) : String(one)));

/** An array as Postgres writes it: every element in quotes, so none is taken for anything else. */
const arrayText = (values: (string | number | boolean | null)[]): string =>
  `{${values.map((one) => (one === null ? "null" : `"${String(one).replace(/["\\]/g, "\\$&")}"`)).join(",")}}`;
