/** What differs at a field of two answers, over all rows in which it does. */
export interface Difference {
  /** `features[].properties.speed_kmh`. */
  field: string;
  kind: "missing in new" | "only in new" | "type" | "value" | "count";
  /** In how many rows. */
  times: number;
  /** The first, as JSON, shortened. */
  old: string;
  new: string;
}

/** Fields by which rows are the same in both, as far as every row of both has them. */
const IDENTITIES = ["id", "imei", "number", "driver_name", "day", "start_time"];

const MOST_EXAMPLE_CHARS = 60;

/**
 * Compares two answers field by field. Rows of a list are the same that have the same identity; a list without identities is compared in
 * its order.
 */
export function differencesOf(before: unknown, after: unknown): Difference[] {
  const found = new Map<string, Difference>();
  const note = (field: string, kind: Difference["kind"], old: unknown, now: unknown) => {
    const key = `${kind} ${field}`;
    const known = found.get(key);
    if (known) known.times += 1;
    else found.set(key, { field: field || "(all)", kind, times: 1, old: shown(old), new: shown(now) });
  };
  compare("", before, after, note);
  return [...found.values()];
}

type Note = (field: string, kind: Difference["kind"], old: unknown, now: unknown) => void;

function compare(field: string, before: unknown, after: unknown, note: Note): void {
  if (Array.isArray(before) && Array.isArray(after)) compareLists(field, before, after, note);
  else if (isObject(before) && isObject(after)) compareObjects(field, before, after, note);
  else if (before !== after) {
    // What is not known has no type.
    const isSameType = before === null || after === null || typeOf(before) === typeOf(after);
    note(field, isSameType ? "value" : "type", before, after);
  }
}

function compareObjects(
  field: string,
  before: Record<string, unknown>,
  after: Record<string, unknown>,
  note: Note,
): void {
  for (const name of new Set([...Object.keys(before), ...Object.keys(after)])) {
    const inner = field === "" ? name : `${field}.${name}`;
    if (!(name in after)) note(inner, "missing in new", before[name], undefined);
    else if (!(name in before)) note(inner, "only in new", undefined, after[name]);
    else compare(inner, before[name], after[name], note);
  }
}

function compareLists(field: string, before: unknown[], after: unknown[], note: Note): void {
  const rows = `${field}[]`;
  if (before.length !== after.length) note(field, "count", before.length, after.length);
  const names = identitiesOf([...before, ...after]);
  const [known, now] = [byIdentity(before, names), byIdentity(after, names)];
  if (known === null || now === null) {
    for (let at = 0; at < Math.min(before.length, after.length); at++)
      compare(rows, before[at], after[at], note);
    return;
  }
  for (const [identity, row] of known) {
    if (now.has(identity)) compare(rows, row, now.get(identity), note);
    else note(rows, "missing in new", identity, undefined);
  }
  for (const identity of now.keys()) if (!known.has(identity)) note(rows, "only in new", undefined, identity);
}

/** What a row says of itself, that of its properties included; null where it is no object. */
function factsOf(row: unknown): Record<string, unknown> | null {
  if (!isObject(row)) return null;
  return isObject(row.properties) ? { ...row.properties, ...row } : row;
}

function identitiesOf(rows: unknown[]): string[] {
  const facts = rows.map(factsOf);
  return IDENTITIES.filter((name) => facts.every((fact) => fact && name in fact && !isObject(fact[name])));
}

/** Rows by what they are about; null where that does not tell them apart. */
function byIdentity(rows: unknown[], names: string[]): Map<string, unknown> | null {
  const byName = new Map<string, unknown>();
  for (const row of rows) {
    const facts = factsOf(row);
    const identity = names.map((name) => `${name} ${facts?.[name]}`).join(", ");
    if (identity === "" || byName.has(identity)) return null;
    byName.set(identity, row);
  }
  return byName;
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const typeOf = (value: unknown) => (Array.isArray(value) ? "list" : typeof value);

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? "";
  return text.length > MOST_EXAMPLE_CHARS ? `${text.slice(0, MOST_EXAMPLE_CHARS)}…` : text;
}
