import { identifier } from "../database/quote.ts";
import type { Found, FoundColumn, FoundRelation } from "./found.ts";
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
export function adoptTable(
  ours: OurTable,
  found: FoundRelation,
  timescale: Found["timescale"],
): TableAdoption {
  const old = OLD_NAMES[ours.name] ?? { names: {}, needed: ours.key, fills: {} };
  const adoption: TableAdoption = {
    ...{
      name: ours.name,
      ours,
      found,
      old,
      added: [],
      mirrored: [],
      geometries: [],
      widened: [],
      relaxed: [],
    },
    ...{ droppedChecks: [], needsKey: false, conflicts: [], notes: [] },
  };
  if (found.kind !== "table") {
    adoption.conflicts.push(`is a ${found.kind}, and has to be a table`);
    return adoption;
  }
  for (const column of ours.columns) takeColumn(adoption, column);
  takeTheirs(adoption);
  takeConstraints(adoption);
  takeKey(adoption, timescale);
  // Rows of these are compared whole.
  const compared = ["tracksolid.devices", "tracksolid.live_positions"].includes(ours.name);
  for (const { name, type } of found.columns) {
    if (compared && type === "json") adoption.conflicts.push(`has ${name} as json, and it has to be jsonb`);
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
    const isJson = groupOf(ours.type) === "json";
    adoption.mirrored.push({ ours: ours.name, theirs: theirs.name, toOurs, toTheirs, isJson });
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

function takeGeometry(adoption: TableAdoption, { name, type }: FoundColumn): void {
  const end = /start|begin|origin/.test(name) ? "start_" : /end|stop|dest/.test(name) ? "end_" : "";
  const has = (column: string) => adoption.ours.columns.some((ours) => ours.name === column);
  const [lat, lng] = [`${end}lat`, `${end}lng`];
  if (!has(lat) || (/\((\w+)/.test(type) && !/\(point/i.test(type))) {
    adoption.notes.push(`${name} is a ${type}: what we write leaves it empty`);
    return;
  }
  const srid = /,(\d+)\)/.exec(type)?.[1] ?? "4326";
  const point = `st_setsrid(st_makepoint(new.${lng}, new.${lat}), ${srid})`;
  adoption.geometries.push({
    column: name,
    value: type.includes("geography") ? `${point}::geography` : point,
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
    adoption.notes.push(
      `trigger ${name} (${called}) stays, and runs with the rights of ingest_app for what we write`,
    );
  }
}

function takeKey(adoption: TableAdoption, timescale: Found["timescale"]): void {
  const { ours, found } = adoption;
  const key = new Set(ours.key);
  adoption.needsKey = !found.uniques.some(
    (unique) => unique.length === key.size && unique.every((name) => key.has(name)),
  );
  if (adoption.needsKey && found.isHypertable && timescale) {
    adoption.conflicts.push(
      `is a hypertable without a unique index on (${ours.key.join(", ")}), which would be made while nobody can write`,
    );
  }
}
