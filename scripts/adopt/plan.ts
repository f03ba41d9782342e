import { dotted, identifier, literal } from "../../shared/quote.ts";
import { LEDGER, type Migration } from "../database/migrations.ts";
import { bridgeSql } from "./bridge.ts";
import type { Found, FoundRelation } from "./found.ts";
import { grantsSql } from "./grants.ts";
import { type Line, linesOf, missing } from "./lines.ts";
import { mileageSql } from "./mileage.ts";
import { EXPECTED } from "./old-names.ts";
import { type OurTable, ourTable } from "./our-tables.ts";
import { ownersSql } from "./owners.ts";
import { renamedColumns, rewrite, takenFunctions } from "./rewrite.ts";
import { as, type Statement, statementsOf } from "./statements.ts";
import { type Step, stepsOf, stepsSql } from "./steps.ts";
import { adoptTable, type TableAdoption } from "./table.ts";
import { tokenSql } from "./token.ts";

/** What adoption would do. */
export interface Plan {
  lines: Line[];
  tables: TableAdoption[];
  steps: Step[];
  /** The whole change of the schema: one transaction, for one round trip, so that nobody waits for the network. */
  script: string;
}

/** A database that is not adopted; the message says why. */
export class AdoptionRefused extends Error {
  override name = "AdoptionRefused";
}

/** @throws AdoptionRefused for a database that is not of the earlier system */
export async function planAdoption(found: Found, migrations: Migration[]): Promise<Plan> {
  refuse(found);
  const statements = await statementsOf(migrations);
  const ours = ourTables(statements);
  const tables = ours.flatMap((table) => {
    const there = found.relations.find(({ name }) => name === table.name);
    return there ? [adoptTable(table, there)] : [];
  });
  const rewritten = rewrite(statements, found, tables);
  const taken = takenFunctions(statements, found);
  const steps = stepsOf(tables, rewritten.indexes);
  const [hidden, mileage, token] = [hiddenSql(tables), mileageSql(found), tokenSql(found)];
  const [first] = migrations;
  const rolesFile = (statement: Statement) => statement.file === first?.file;
  const script = [
    "begin;",
    // All tables at once or none: nobody waits behind us, and nobody who holds one waits for another.
    "set local lock_timeout = '100ms'; set local statement_timeout = 0; set local jit = off; set local client_min_messages = warning;",
    `lock table ${found.relations
      .filter(isLockable)
      .map(({ name }) => dotted(name))
      .join(", ")} in access exclusive mode nowait;`,
    LEDGER,
    asRoles(rewritten.statements.filter(rolesFile)),
    // The roles are there: what the fleet's schemas hold becomes the owner's, or the owner could not change it.
    "reset role;",
    ownersSql(found),
    asRoles(rewritten.statements.filter((statement) => !rolesFile(statement))),
    "reset role; set local role tracksolid_owner;",
    stepsSql(steps),
    keptSql(rewritten.kept.filter((name) => name !== mileage.replaced)),
    hidden.sql,
    ...tables.map(bridgeSql),
    "reset role;",
    grantsSql(found, tables),
    mileage.sql,
    token.sql,
    ...found.relations
      .filter(({ name }) => rewritten.kept.includes(name) && name !== mileage.replaced)
      .flatMap(commentsOf),
    ...migrations.map(
      ({ number, file, checksum }) =>
        `insert into private.migrations (number, file, checksum, duration_ms) values (${number}, '${file}', '${checksum}', 0);`,
    ),
    "commit;",
  ].join("\n");
  return {
    ...{ tables, steps, script },
    lines: [
      ...taken.map(
        (object): Line => ({
          what: "conflict",
          object,
          detail: "is called as ours is: rename theirs, or drop it",
        }),
      ),
      ...linesOf(found, ours, tables, rewritten.kept),
      ...hidden.lines,
      ...mileage.lines,
      ...token.lines,
    ],
  };
}

/** Views take what they read with them. */
const isLockable = ({ kind, isAggregate }: FoundRelation): boolean =>
  kind === "table" || (kind === "view" && !isAggregate);

function refuse(found: Found): void {
  const lacks = missing(found);
  if (lacks.length > 0) {
    throw new AdoptionRefused(
      `This is not a database of the earlier system: of ${EXPECTED.join(", ")} it lacks ${lacks.join(", ")}. ` +
        "An empty one, and one of this system, are brought up to date by npm run db:migrate.",
    );
  }
}

/** Tables as all migrations together make them, as far as adoption has to know. */
function ourTables(statements: Statement[]): OurTable[] {
  const renamed = renamedColumns(statements);
  return statements.flatMap(({ node }) => {
    const created = as(node, "CreateStmt");
    if (!created) return [];
    const table = ourTable(created);
    const now = (name: string) => renamed.get(`${table.name}.${name}`) ?? name;
    const columns = table.columns.map((column) => ({ ...column, name: now(column.name) }));
    return [{ ...table, columns, key: table.key.map(now) }];
  });
}

/** Statements one after the other, each as who its migration runs as. */
function asRoles(statements: Statement[]): string {
  let runAs = "";
  return statements
    .flatMap((statement) => {
      const change = statement.runAs === "owner" ? "set local role tracksolid_owner;" : "reset role;";
      const isNew = runAs !== statement.file;
      runAs = statement.file;
      return [...(isNew ? [change] : []), `${statement.sql};`];
    })
    .join("\n");
}

/** The list of names that change hands at the cut-over. */
function keptSql(kept: string[]): string {
  return [
    "create table private.kept_names (name text primary key, is_theirs boolean not null default true);",
    "comment on table private.kept_names is 'Views of the system before this one that have the name of one of ours: is_theirs until the cut-over (npm run db:cut-over).';",
    ...kept.map((name) => `insert into private.kept_names (name) values (${literal(name)});`),
  ].join("\n");
}

/** Maps left out a class of vehicles that was called cc: here that is data. */
function hiddenSql(tables: TableAdoption[]): { sql: string; lines: Line[] } {
  const devices = tables.find(({ name }) => name === "tracksolid.devices");
  const classes = ["vehicle_type", "segment"].filter((name) =>
    devices?.found.columns.some((column) => column.name === name),
  );
  if (!devices?.added.some(({ name }) => name === "hidden_on_map") || classes.length === 0) {
    return { sql: "", lines: [] };
  }
  const isHidden = classes.map((name) => `lower(${name}) = 'cc'`).join(" or ");
  return {
    sql: `update ${devices.name} set hidden_on_map = true where ${isHidden};`,
    lines: [{ what: "changed", object: devices.name, detail: `hidden on the map where ${isHidden}` }],
  };
}

/** SQL that gives what stays its comments back, which a migration may have spoken over. */
function commentsOf({ name, kind, isAggregate, comment, columns, columnComments }: FoundRelation): string[] {
  const words = (text: string | null | undefined) => (text ? literal(text) : "null");
  const word = isAggregate ? "view" : kind;
  return [
    `comment on ${word} ${dotted(name)} is ${words(comment)};`,
    ...columns.map(
      (column) =>
        `comment on column ${dotted(name)}.${identifier(column.name)} is ${words(columnComments[column.name])};`,
    ),
  ];
}
