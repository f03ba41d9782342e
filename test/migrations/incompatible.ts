import type { AlterTableCmd, AlterTableType, Node, RangeVar } from "@pgsql/types";
import { as, statementsOf, textOf } from "../../scripts/adopt/statements.ts";
import type { Migration } from "../../scripts/database/migrations.ts";

/** What a statement takes from a Worker that was written before it. */
interface Break {
  /** What it concerns, as the marker has to name it. */
  name: string;
  does: string;
}

/** A line of the head of a migration: the version since which no Worker uses what it names. */
const MARKER = /^-- compatible since [0-9a-f.-]{5,}: (.+)$/gm;

/** Statements that add, or change rows. Of a body that is replaced nobody can tell here what it answers; Postgres keeps its form. */
const HARMLESS = new Set([
  ...[
    "CreateStmt",
    "CreateTableAsStmt",
    "ViewStmt",
    "CreateFunctionStmt",
    "AlterFunctionStmt",
    "CreateTrigStmt",
  ],
  ...["CreateSchemaStmt", "CreateSeqStmt", "CreateEnumStmt", "CompositeTypeStmt", "CreateDomainStmt"],
  ...["CreateExtensionStmt", "CreateStatsStmt", "CommentStmt", "VariableSetStmt", "LockStmt"],
  ...["InsertStmt", "UpdateStmt", "DeleteStmt", "SelectStmt"],
]);

const HARMLESS_CHANGES: AlterTableType[] = [
  ...([
    "AT_SetStatistics",
    "AT_SetStorage",
    "AT_SetCompression",
    "AT_SetOptions",
    "AT_ResetOptions",
  ] as const),
  ...(["AT_SetRelOptions", "AT_ResetRelOptions", "AT_ValidateConstraint"] as const),
];

/** The others have a name that says enough. */
const CHANGES: Partial<Record<AlterTableType, string>> = {
  AT_DropColumn: "drops",
  AT_AlterColumnType: "gives another type to",
  AT_SetNotNull: "requires",
  AT_DropNotNull: "lets nulls into",
  AT_ColumnDefault: "takes the default of",
  AT_AddConstraint: "may refuse rows by",
  AT_DropConstraint: "takes what an on conflict may name:",
};

/** What keeps a migration from running while the Worker before it works, a sentence each. */
export async function incompatibilities(
  migration: Pick<Migration, "file" | "sql" | "runAs">,
): Promise<string[]> {
  const nodes = (await statementsOf([{ number: 0, checksum: "", ...migration }])).map(({ node }) => node);
  const own = nodes.flatMap(madeBy);
  const head = /^(?:--[^\n]*\n|\s)*/.exec(migration.sql)?.[0] ?? "";
  const unused = [...head.matchAll(MARKER)].flatMap(([, names = ""]) => names.split(/,\s*/));
  return nodes
    .flatMap(breaksOf)
    .filter(({ name }) => !own.some((made) => name === made || name.startsWith(`${made}.`)))
    .filter(({ name }) => !unused.includes(name))
    .map(({ name, does }) => `${migration.file} ${does} ${name}`);
}

/** Names of what a statement makes, and no Worker before it knows. */
function madeBy(node: Node): string[] {
  const view = as(node, "ViewStmt");
  const made = as(node, "CreateFunctionStmt");
  const index = as(node, "IndexStmt");
  const relations = [as(node, "CreateStmt")?.relation, as(node, "CreateTableAsStmt")?.into?.rel];
  return [
    ...[...relations, view?.replace ? undefined : view?.view].flatMap((name) =>
      name ? [relationOf(name)] : [],
    ),
    ...(made && !made.replace ? [namesOf(made.funcname)] : []),
    ...(index?.idxname ? [`${index.relation?.schemaname}.${index.idxname}`] : []),
  ];
}

function breaksOf(node: Node): Break[] {
  const [kind = ""] = Object.keys(node);
  const dropped = as(node, "DropStmt");
  if (dropped) return (dropped.objects ?? []).map((object) => ({ name: nameOf(object), does: "drops" }));
  const altered = as(node, "AlterTableStmt");
  if (altered) {
    return (altered.cmds ?? []).flatMap((command) =>
      breaksOfChange(relationOf(altered.relation), as(command, "AlterTableCmd") ?? {}),
    );
  }
  const renamed = as(node, "RenameStmt");
  if (renamed) {
    const whole = renamed.relation ? relationOf(renamed.relation) : nameOf(renamed.object);
    return [{ name: [whole, renamed.subname].filter(Boolean).join("."), does: "renames" }];
  }
  const index = as(node, "IndexStmt");
  if (index) return index.unique ? [{ name: relationOf(index.relation), does: "may refuse rows of" }] : [];
  const granted = as(node, "GrantStmt") ?? as(node, "AlterDefaultPrivilegesStmt")?.action;
  if (granted) {
    const objects = granted.objects ?? [];
    if (granted.is_grant) return [];
    return objects.length === 0
      ? [{ name: "default privileges", does: "revokes" }]
      : objects.map((object) => ({ name: nameOf(object), does: "revokes rights on" }));
  }
  if (as(node, "DoStmt")) return [{ name: "do", does: "cannot be looked into:" }];
  return HARMLESS.has(kind) ? [] : [{ name: kind, does: "needs a line for" }];
}

function breaksOfChange(table: string, { subtype, name, def }: AlterTableCmd): Break[] {
  if (!subtype || HARMLESS_CHANGES.includes(subtype)) return [];
  if (subtype === "AT_ColumnDefault" && def) return [];
  const column = def && as(def, "ColumnDef");
  if (subtype === "AT_AddColumn" && column) {
    const has = (column.constraints ?? []).map((node) => as(node, "Constraint")?.contype);
    const isGiven = has.some((type) => type && GIVEN.includes(type));
    const isRequired = has.includes("CONSTR_NOTNULL") && !isGiven;
    const isUnique = has.includes("CONSTR_PRIMARY") || has.includes("CONSTR_UNIQUE");
    return isRequired || isUnique ? [{ name: `${table}.${column.colname}`, does: "requires" }] : [];
  }
  const constraint = def && as(def, "Constraint");
  return [
    { name: `${table}.${name ?? constraint?.conname ?? ""}`, does: CHANGES[subtype] ?? `has ${subtype} of` },
  ];
}

/** What fills a column that the Worker before does not know. */
const GIVEN = ["CONSTR_DEFAULT", "CONSTR_GENERATED", "CONSTR_IDENTITY"];

const relationOf = (relation: RangeVar | undefined): string =>
  [relation?.schemaname, relation?.relname].filter(Boolean).join(".");

const namesOf = (nodes: Node[] | undefined): string => (nodes ?? []).map(textOf).join(".");

/** The name of an object in whichever way its kind is named. */
function nameOf(node: Node | undefined): string {
  if (!node) return "";
  const list = as(node, "List")?.items ?? as(node, "ObjectWithArgs")?.objname ?? as(node, "TypeName")?.names;
  if (list) return namesOf(list);
  const relation = as(node, "RangeVar");
  return relation ? relationOf(relation) : textOf(node);
}
