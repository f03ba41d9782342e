/** JSON Schema as OpenAPI 3.1 documents of this product use it. */
export interface JsonSchema {
  $ref?: string;
  type?: string | string[];
  enum?: unknown[];
  const?: unknown;
  properties?: Record<string, JsonSchema>;
  required?: string[];
  additionalProperties?: boolean | JsonSchema;
  items?: JsonSchema;
  prefixItems?: JsonSchema[];
  anyOf?: JsonSchema[];
  oneOf?: JsonSchema[];
  allOf?: JsonSchema[];
  /** A list of values that may grow in answers; clients have been told so. */
  "x-extensible-enum"?: boolean;
  [keyword: string]: unknown;
}

export type Schemas = Record<string, JsonSchema>;
/** Who has to bear the change: the server a request, the client an answer. */
export type Direction = "request" | "answer";

/** Keywords that hold values from above and from below. */
const UPPER = ["maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties"];
const LOWER = ["minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties"];
/** Keywords of which no order is known: another value is another set. */
const UNORDERED = ["format", "pattern", "multipleOf", "uniqueItems"];

const REFERENCE = "#/components/schemas/";

/** What breaks when a schema changes, a sentence each. @param known What references point to, in both documents */
export function breakingSchema(
  direction: Direction,
  where: string,
  before: JsonSchema,
  after: JsonSchema,
  known: { before: Schemas; after: Schemas },
  seen: ReadonlySet<string> = new Set(),
): string[] {
  // A schema that holds itself has been compared when it comes around again.
  const pair = `${before.$ref} ${after.$ref}`;
  if (before.$ref && after.$ref && seen.has(pair)) return [];
  const deeper = new Set(seen).add(pair);
  const old = readSchema(before, known.before);
  const now = readSchema(after, known.after);
  const changes: string[] = [];
  const say = (what: string) => changes.push(`${where}: ${what}`);
  const compare = (place: string, one: JsonSchema, other: JsonSchema) =>
    changes.push(...breakingSchema(direction, `${where}${place}`, one, other, known, deeper));

  // What has to hold everything that the other holds: the new request, the old answer.
  const [outer, inner] = direction === "request" ? [now, old] : [old, now];
  if (!holdsTypes(outer.types, inner.types)) say(`was ${words(old.types)}, is ${words(now.types)}`);
  if (!holdsValues(outer, inner)) say(`the values were ${words(old.values)}, are ${words(now.values)}`);
  for (const keyword of [...UPPER, ...LOWER, ...UNORDERED]) {
    if (!holds(keyword, outer.schema[keyword], inner.schema[keyword])) {
      say(`${keyword} was ${words(old.schema[keyword])}, is ${words(now.schema[keyword])}`);
    }
  }
  if (direction === "request" && words(old.schema.default) !== words(now.schema.default)) {
    say(`the default was ${words(old.schema.default)}, is ${words(now.schema.default)}`);
  }

  const [was, is] = [old.schema, now.schema];
  for (const [name, property] of Object.entries(was.properties ?? {})) {
    const kept = is.properties?.[name];
    if (kept === undefined) say(`the property ${name} is gone`);
    else compare(`.${name}`, property, kept);
  }
  const required = { old: was.required ?? [], now: is.required ?? [] };
  if (direction === "request") {
    for (const name of required.now) if (!required.old.includes(name)) say(`${name} is now required`);
  } else {
    for (const name of required.old) {
      if (!required.now.includes(name) && is.properties?.[name]) say(`${name} may now be missing`);
    }
  }
  if (is.additionalProperties === false && was.additionalProperties !== false && direction === "request") {
    say("other properties are now refused");
  }
  if (typeof was.additionalProperties === "object" && typeof is.additionalProperties === "object") {
    compare(".*", was.additionalProperties, is.additionalProperties);
  }
  if (was.items || is.items) compare("[]", was.items ?? {}, is.items ?? {});
  for (const list of ["prefixItems", "anyOf", "oneOf", "allOf"] as const) {
    if ((was[list]?.length ?? 0) !== (is[list]?.length ?? 0)) say(`${list} has changed`);
    else
      was[list]?.forEach((part, at) => {
        compare(`[${at}]`, part, is[list]?.[at] ?? {});
      });
  }
  return changes;
}

/** A schema behind its reference, with its types and values as sets; undefined is any. */
function readSchema(given: JsonSchema, known: Schemas) {
  let schema = given;
  let nullable = false;
  for (;;) {
    const choices = schema.anyOf ?? schema.oneOf;
    const named = schema.$ref?.startsWith(REFERENCE) ? known[schema.$ref.slice(REFERENCE.length)] : undefined;
    if (named) schema = named;
    else if (choices?.length === 2 && choices.some(({ type }) => type === "null")) {
      nullable = true;
      schema = choices.find(({ type }) => type !== "null") ?? {};
    } else break;
  }
  const types = schema.type === undefined ? undefined : new Set([schema.type].flat());
  if (nullable) types?.add("null");
  const values = schema.const === undefined ? schema.enum : [schema.const];
  return { schema, types, values };
}

function holdsTypes(outer: Set<string> | undefined, inner: Set<string> | undefined): boolean {
  if (outer === undefined) return true;
  if (inner === undefined) return false;
  return [...inner].every((type) => outer.has(type) || (type === "integer" && outer.has("number")));
}

type Read = ReturnType<typeof readSchema>;

function holdsValues(outer: Read, inner: Read): boolean {
  if (outer.values === undefined || outer.schema["x-extensible-enum"]) return true;
  if (inner.values === undefined) return false;
  const held = outer.values.map(words);
  return inner.values.every((value) => value === null || held.includes(words(value)));
}

/** Whether the values that `inner` allows are allowed by `outer`. */
function holds(keyword: string, outer: unknown, inner: unknown): boolean {
  if (outer === undefined) return true;
  if (UPPER.includes(keyword)) return inner !== undefined && Number(inner) <= Number(outer);
  if (LOWER.includes(keyword)) return inner !== undefined && Number(inner) >= Number(outer);
  return words(inner) === words(outer);
}

const words = (value: unknown): string =>
  value === undefined ? "anything" : JSON.stringify(value instanceof Set ? [...value] : value);
