import { ownName } from "../database/own-names.ts";
import type { Found } from "./found.ts";
import { EXPECTED } from "./old-names.ts";
import type { OurTable } from "./our-tables.ts";
import { changesOwner, movedFunctions } from "./owners.ts";
import type { TableAdoption } from "./table.ts";

/** What adoption does with one thing, for people. */
export interface Line {
  what: "exists" | "added" | "changed" | "kept" | "conflict" | "left alone";
  object: string;
  detail: string;
}

/** The lines of a plan, conflicts first. */
export function linesOf(found: Found, ours: OurTable[], tables: TableAdoption[], kept: string[]): Line[] {
  const adopted = new Set(tables.map(({ name }) => name));
  const added = ours.filter(({ name }) => !adopted.has(name)).map(({ name }) => name);
  return [
    ...tables.flatMap(({ name, conflicts }) =>
      conflicts.map((detail): Line => ({ what: "conflict", object: name, detail })),
    ),
    ...(found.oldMigrations.length === 0 ? [] : [migrationsLine(found)]),
    ...tables.flatMap(tableLines),
    { what: "added", object: `${added.length} tables`, detail: added.join(", ") },
    ...kept.map(
      (object): Line => ({
        what: "kept",
        object,
        detail: `as it is: ours is ${ownName(object)} until the cut-over`,
      }),
    ),
    ...ownerLines(found),
    ...leftAlone(found, adopted, kept),
  ];
}

function tableLines({
  name,
  found,
  added,
  mirrored,
  geometries,
  widened,
  relaxed,
  droppedChecks,
  needsKey,
  waiting,
  ours,
  notes,
}: TableAdoption): Line[] {
  const line = (what: Line["what"], detail: string): Line => ({ what, object: name, detail });
  const plain = added.filter((column) => !mirrored.some((other) => other.ours === column.name));
  const own = new Set([
    ...ours.columns.map((column) => column.name),
    ...mirrored.map(({ theirs }) => theirs),
  ]);
  const unknown = found.columns.filter((column) => !own.has(column.name)).map((column) => column.name);
  const form = found.isHypertable ? "hypertable" : "table";
  return [
    line(
      "changed",
      "triggers zz_adopted and zz_noted keep both systems' columns equal, and its comments are ours",
    ),
    ...(waiting ? [line("changed", `rows in which ${waiting} are written once more`)] : []),
    line("exists", `${form} of ${Math.round(found.rows).toLocaleString("en")} rows, as estimated`),
    ...(plain.length > 0 ? [line("added", `columns ${plain.map((column) => column.name).join(", ")}`)] : []),
    ...mirrored.map(({ ours: mine, theirs }) => line("added", `column ${mine}, kept equal to ${theirs}`)),
    ...geometries.map(({ column }) => line("changed", `${column} is filled for our rows, too`)),
    ...widened.map((column) => line("changed", `${column} becomes text, without a limit`)),
    ...relaxed.map((column) => line("changed", `${column} may be null: we have nothing to say there`)),
    ...droppedChecks.map((check) =>
      line("changed", `without the constraint ${check}, which would refuse rows of ours`),
    ),
    ...(needsKey
      ? [line("added", `unique index on (${ours.key.join(", ")}) beside the keys that are there`)]
      : []),
    ...(unknown.length > 0 ? [line("left alone", `columns ${unknown.join(", ")}`)] : []),
    ...notes.map((note) => line("left alone", note)),
  ];
}

const migrationsLine = ({ oldMigrations }: Found): Line => ({
  what: "exists",
  object: "tracksolid.schema_migrations",
  detail: `${oldMigrations.length} of the earlier system, ${oldMigrations[0]} to ${oldMigrations.at(-1)}`,
});

function ownerLines(found: Found): Line[] {
  const moved = found.relations.filter(changesOwner);
  const staying = found.relations.filter(
    ({ kind, isAggregate }) => kind === "materialized view" && !isAggregate,
  );
  const functions = movedFunctions(found);
  const sequences = found.sequences.filter(({ table }) => table === null);
  const count = moved.length + functions.length + sequences.length;
  return [
    {
      what: "changed",
      object: "schemas tracksolid and reporting",
      detail: `they and ${count} relations, functions and sequences of ${unique(moved.map(({ owner }) => owner))} become tracksolid_owner's, with chunks and linked sequences; who had them goes on using them`,
    },
    {
      what: "changed",
      object: "roles of the server",
      detail:
        "tracksolid_owner, ingest_app, dashboard_ro, analytics_ro and backup_ro are made where they are missing and get their settings; they may use the adopted tables, backup_ro reads the others, too",
    },
    ...(!found.hasTimescale
      ? [
          {
            what: "added" as const,
            object: "timescaledb",
            detail: "the extension, where the server has loaded it",
          },
        ]
      : []),
    ...staying.map(
      ({ name, owner }): Line => ({
        what: "kept",
        object: name,
        detail: `a materialized view of ${owner}: refresh it with npm run db:refresh-trips until the cut-over`,
      }),
    ),
    ...found.functions
      .filter(({ isDefiner }) => isDefiner)
      .map(
        ({ name, owner, arguments: types }): Line => ({
          what: "kept",
          object: `${name}(${types})`,
          detail: `of ${owner}, with whose rights it runs`,
        }),
      ),
    ...found.readElsewhere.map(
      ({ relation }): Line => ({
        what: "changed",
        object: relation,
        detail: "tracksolid_owner may read it, since a view of ours does",
      }),
    ),
  ];
}

function leftAlone(found: Found, adopted: Set<string>, kept: string[]): Line[] {
  const ours = ["tracksolid", "reporting", "private"];
  return [
    ...found.relations
      .filter(({ name }) => !adopted.has(name) && !kept.includes(name))
      .map(
        ({ name, kind }): Line => ({
          what: "left alone",
          object: name,
          detail: `${kind}, but for its owner`,
        }),
      ),
    ...found.schemas
      .filter(({ name, things }) => !ours.includes(name) && things > 0)
      .map(
        ({ name, owner, things }): Line => ({
          what: "left alone",
          object: `schema ${name}`,
          detail: `${things} relations of ${owner}`,
        }),
      ),
  ];
}

const unique = (names: string[]): string => [...new Set(names)].join(", ");

/** What a database of the earlier system would have and this one has not. */
export const missing = (found: Found): string[] =>
  EXPECTED.filter((name) => !found.relations.some((relation) => relation.name === name));
