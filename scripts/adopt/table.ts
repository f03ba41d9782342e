import { identifier } from "../../shared/quote.ts";
import type { FoundColumn, FoundRelation } from "./found.ts";
import { OLD_NAMES, type OldNames } from "./old-names.ts";
import type { OurColumn, OurTable } from "./our-tables.ts";
import { conversion, groupOf, isAlike } from "./types.ts";

/** A column of ours that the earlier system has under a name of its own: each is kept equal to the other. */
export interface Mirrored {
  ours: string;
  theirs: string;
  /** SQL over `new`. */
  toOurs: string;
  toTheirs: string;
  /** SQL over the table: what ours becomes. */
  value: string;
  /** Postgres cannot say whether two of them are equal. */
  isJson: boolean;
}

/** A column of PostGIS that the earlier writer filled from a latitude and a longitude. */
export interface Geometry {
  column: string;
  value: string;
}

/** How a table that is there becomes ours and stays theirs. */
export interface TableAdoption {
  name: string;
  ours: OurTable;
  found: FoundRelation;
  old: OldNames;
  added: OurColumn[];
  mirrored: Mirrored[];
  geometries: Geometry[];
  /** What a row of theirs gets where it says nothing, in this order. */
  fills: { column: string; value: string }[];
  /** Columns of our own name that lack our default. */
  defaulted: { column: string; value: string }[];
  /** Which rows are still as they left them, SQL over the table; null where none can be. */
  waiting: string | null;
  /** Of text with a length: ours may be longer. */
  widened: string[];
  /** We may have nothing to say there. */
  relaxed: string[];
  /** Would refuse what we write. */
  droppedChecks: string[];
  /** Whether the key of ours has to be made. */
  needsKey: boolean;
  conflicts: string[];
  notes: string[];
}

/**
 * @param ours with the names that later migrations gave its columns
 */
export function adoptTable(ours: OurTable, found: FoundRelation): TableAdoption {
  const old = OLD_NAMES[ours.name] ?? { names: {}, needed: ours.key, fills: {} };
  const adoption: TableAdoption = {
    ...{ name: ours.name, ours, found, old, waiting: null, needsKey: false },
    ...{ added: [], mirrored: [], geometries: [], fills: [], defaulted: [] },
    ...{ widened: [], relaxed: [], droppedChecks: [], conflicts: [], notes: [] },
  };
  if (found.kind !== "table") {
    adoption.conflicts.push(`is a ${found.kind}, and has to be a table`);
    return adoption;
  }
  for (const column of ours.columns) takeColumn(adoption, column);
  takeTheirs(adoption);
  takeConstraints(adoption);
  takeFills(adoption);
  takeKey(adoption);
  for (const { name, type } of found.columns) {
    // The trigger touch_changed_at compares rows whole.
    if (ours.columns.some((column) => column.name === "changed_at") && type === "json") {
      adoption.conflicts.push(`has ${name} as json, and it has to be jsonb`);
    }
  }
  return adoption;
}

function takeColumn(adoption: TableAdoption, ours: OurColumn): void {
  const { found, old, conflicts } = adoption;
  const same = found.columns.find(({ name }) => name === ours.name);
  if (same) {
    takeSame(adoption, ours, same);
    return;
  }
  adoption.added.push({ ...ours, default: old.defaults?.[ours.name] ?? ours.default });
  const candidates = (old.names[ours.name] ?? []).flatMap(
    (name) => found.columns.find((column) => column.name === name) ?? [],
  );
  for (const theirs of candidates) {
    if (adoption.mirrored.some((other) => other.theirs === theirs.name)) continue;
    if (adoption.ours.columns.some(({ name }) => name === theirs.name)) continue;
    const toOurs = conversion(theirs.type, ours.type, `new.${identifier(theirs.name)}`);
    const toTheirs = conversion(ours.type, theirs.type, `new.${identifier(ours.name)}`);
    if (toOurs === null || toTheirs === null || theirs.generated) continue;
    const value = conversion(theirs.type, ours.type, identifier(theirs.name)) ?? "null";
    const isJson = groupOf(ours.type) === "json";
    adoption.mirrored.push({ ours: ours.name, theirs: theirs.name, toOurs, toTheirs, value, isJson });
    return;
  }
  if (old.needed.includes(ours.name)) {
    const looked = [ours.name, ...(old.names[ours.name] ?? [])].join(", ");
    conflicts.push(`has no column for ${ours.name}: looked for ${looked}, of type ${ours.type}`);
  }
}

function takeSame(adoption: TableAdoption, ours: OurColumn, theirs: FoundColumn): void {
  if (theirs.generated !== ours.generated && theirs.generated) {
    adoption.conflicts.push(`computes ${ours.name} itself, and we write it`);
  } else if (!isAlike(ours.type, theirs.type)) {
    adoption.conflicts.push(
      `has ${ours.name} as ${theirs.type}, and it has to be ${ours.type}${remedyOf(ours, theirs)}`,
    );
  } else if (groupOf(ours.type) === "text" && /\(\d+\)/.test(theirs.type)) {
    if (theirs.views === 0) adoption.widened.push(ours.name);
    else
      adoption.notes.push(`${ours.name} stays ${theirs.type}, as views read it: a longer text is rejected`);
  }
}

function remedyOf(ours: OurColumn, theirs: FoundColumn): string {
  if (groupOf(theirs.type) !== "time without zone") return "";
  return `; it is read as an instant, so in a quiet hour: alter table … alter column ${ours.name} type timestamptz using ${ours.name} at time zone 'UTC'`;
}

/** What ours need and theirs may not say: in columns that are added, and in those of our name that may be null. */
function takeFills(adoption: TableAdoption): void {
  const { ours, found, old, added, mirrored, fills, defaulted } = adoption;
  const waiting = mirrored.map(
    ({ ours: mine, value }) => `${identifier(mine)} is null and (${value}) is not null`,
  );
  for (const column of ours.columns) {
    const same = found.columns.find(({ name }) => name === column.name);
    const mayLack = same ? !same.required && !same.generated : added.some(({ name }) => name === column.name);
    const value = old.fills[column.name];
    const unsaid = old.defaults?.[column.name];
    if (!mayLack || mirrored.some((other) => other.ours === column.name && value === undefined)) continue;
    if (same && column.default !== null) {
      if (!same.filled) defaulted.push({ column: column.name, value: column.default });
      fills.push({
        column: column.name,
        value: `coalesce(new.${identifier(column.name)}, ${column.default})`,
      });
      waiting.push(`${identifier(column.name)} is null`);
    }
    if (value === undefined) continue;
    const said =
      unsaid && !same
        ? `nullif(new.${identifier(column.name)}, ${unsaid})`
        : `new.${identifier(column.name)}`;
    const otherwise = unsaid && !same ? `, ${unsaid}` : "";
    fills.push({ column: column.name, value: `coalesce(${said}, ${value}${otherwise})` });
    // What depends on the row may stay null.
    if (unsaid === "0") waiting.push(`${identifier(column.name)} = 0`);
    else if (unsaid === undefined && !value.startsWith("case when") && !column.generated) {
      waiting.push(`${identifier(column.name)} is null`);
    }
  }
  const order = Object.keys(old.fills);
  fills.sort((a, b) => order.indexOf(a.column) - order.indexOf(b.column));
  adoption.waiting = waiting.length > 0 ? waiting.join(" or ") : null;
}

/** What they require and we may leave out is no longer required; where they had a geometry it goes on. */
function takeTheirs(adoption: TableAdoption): void {
  const { ours, found, mirrored } = adoption;
  for (const column of found.columns) {
    const own = ours.columns.find(({ name }) => name === column.name);
    if (!column.generated && /^(public\.)?(geometry|geography)\b/.test(column.type))
      takeGeometry(adoption, column);
    if (!column.required || column.filled || own?.required) continue;
    const mirror = mirrored.find(({ theirs }) => theirs === column.name);
    if (mirror && ours.columns.find(({ name }) => name === mirror.ours)?.required) continue;
    if (found.key.includes(column.name)) {
      adoption.conflicts.push(`has ${column.name} in its key, which we cannot fill`);
    } else {
      adoption.relaxed.push(column.name);
    }
  }
}

function takeGeometry(adoption: TableAdoption, { name, type, typeSchema }: FoundColumn): void {
  const end = /start|begin|origin/.test(name) ? "start_" : /end|stop|dest/.test(name) ? "end_" : "";
  const has = (column: string) => adoption.ours.columns.some((ours) => ours.name === column);
  const [lat, lng] = [`${end}lat`, `${end}lng`];
  if (!has(lat) || (/\((\w+)/.test(type) && !/\(point/i.test(type))) {
    adoption.notes.push(`${name} is a ${type}: what we write leaves it empty`);
    return;
  }
  const srid = /,(\d+)\)/.exec(type)?.[1] ?? "4326";
  const from = identifier(typeSchema);
  const point = `${from}.st_setsrid(${from}.st_makepoint(new.${lng}, new.${lat}), ${srid})`;
  adoption.geometries.push({
    column: name,
    value: type.includes("geography") ? `${point}::${from}.geography` : point,
  });
}

function takeConstraints(adoption: TableAdoption): void {
  for (const { name, definition } of adoption.found.checks) {
    // Its words are kept; ours has one more.
    if (/\bsource\b/.test(definition)) adoption.droppedChecks.push(name);
    else adoption.notes.push(`${name} ${definition} stays: what breaks it is rejected`);
  }
  for (const { name, definition } of adoption.found.foreignKeys) {
    adoption.notes.push(`${name} ${definition} stays`);
  }
  for (const { name, function: called } of adoption.found.triggers) {
    const again = adoption.found.isHypertable ? ", and once more for each of its rows that is filled" : "";
    adoption.notes.push(
      `trigger ${name} (${called}) stays, and runs with the rights of ingest_app for what we write${again}`,
    );
  }
}

function takeKey(adoption: TableAdoption): void {
  const { ours, found } = adoption;
  const key = new Set(ours.key);
  adoption.needsKey = !found.uniques.some(
    (unique) => unique.length === key.size && unique.every((name) => key.has(name)),
  );
  const narrower = found.uniques.filter(
    (unique) => unique.length < key.size && unique.every((name) => key.has(name)),
  );
  for (const unique of narrower) {
    adoption.notes.push(
      `their unique (${unique.join(", ")}) is narrower than ours: what breaks it is rejected`,
    );
  }
  if (adoption.needsKey && found.isHypertable) {
    adoption.conflicts.push(
      `is a hypertable without a unique index on (${ours.key.join(", ")}), which would be made while nobody can write`,
    );
  }
}
