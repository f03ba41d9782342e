import type { Kind } from "./catalog.ts";
import type { Value } from "./copied.ts";

/** An instant as ISO 8601. What has no such form (infinity, years before Christ) stays as Postgres writes it. */
export const isoInstant = (text: string) =>
  text.length >= 22 && text[10] === " " && text.endsWith("+00")
    ? `${text.slice(0, 10)}T${text.slice(11, -3)}Z`
    : text;

/** How a value of a kind is written as text; undefined where it stays as it is. */
const TEXTS: Partial<Record<Kind, (text: string) => string>> = {
  instant: isoInstant,
  "local-time": (text) => (text[10] === " " ? text.replace(" ", "T") : text),
  boolean: (text) => (text === "t" ? "true" : "false"),
};

const quoted = (text: string) => JSON.stringify(text);

/** NaN and the infinities are no numbers of JSON. */
const numberText = (text: string) => (/^-?\d/.test(text) ? text : quoted(text));

const JSONS: Partial<Record<Kind, (text: string) => string>> = {
  instant: (text) => quoted(isoInstant(text)),
  "local-time": (text) => quoted(TEXTS["local-time"]?.(text) ?? text),
  boolean: (text) => TEXTS.boolean?.(text) ?? text,
  integer: numberText,
  bigint: numberText,
  real: numberText,
  double: numberText,
  numeric: numberText,
  json: (text) => text,
};

/** How values of a kind are written as text. */
export function textForm(kind: Kind): (value: Value) => Value {
  const form = TEXTS[kind];
  return form === undefined ? (value) => value : (value) => (value === null ? null : form(value));
}

/** How values of a kind are written as JSON: numbers with every digit that they have. */
export function jsonForm(kind: Kind): (value: Value) => string {
  const form = JSONS[kind] ?? quoted;
  return (value) => (value === null ? "null" : form(value));
}
