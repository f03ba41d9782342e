import type { CreateFunctionStmt, Node, TypeName } from "@pgsql/types";
import { withOwnNames } from "../database/own-names.ts";
import { withoutComments } from "../sql-modules/without-comments.ts";
import { bridged } from "./columns-sql.ts";
import type { Found } from "./found.ts";
import { as, type Statement, textOf } from "./statements.ts";
import type { TableAdoption } from "./table.ts";

/** An index of ours on a table that is there: made later, without keeping anybody from writing. */
export interface LateIndex {
  table: string;
  sql: string;
}

/** What becomes of the statements of the migrations where the database has something already. */
export interface Rewritten {
  /** In their order, those that are left. */
  statements: Statement[];
  indexes: LateIndex[];
  /** Views of ours whose names are taken: until the cut-over ours have another (own-names.ts). */
  kept: string[];
}

/** @throws for a statement that changes an adopted table in a way that adoption does not know: its developer sees it first */
export function rewrite(statements: Statement[], found: Found, tables: TableAdoption[]): Rewritten {
  const result: Rewritten = { statements: [], indexes: [], kept: takenNames(statements, found) };
  const adopted = new Map(tables.map((table) => [table.name, table]));
  for (const statement of statements) {
    const { node } = statement;
    const created = as(node, "CreateStmt");
    const table = adopted.get(relationOf(created?.relation));
    if (created && table) {
      const sql = bridged(table);
      if (sql) result.statements.push({ ...statement, sql });
      continue;
    }
    const index = as(node, "IndexStmt");
    if (index && adopted.has(relationOf(index.relation))) {
      const sql = withoutComments(statement.sql);
      result.indexes.push({ table: relationOf(index.relation), sql });
      continue;
    }
    const altered = as(node, "AlterTableStmt");
    if (altered && adopted.has(relationOf(altered.relation))) {
      throw new Error(`${statement.file} alters ${relationOf(altered.relation)}: adoption has to learn how.`);
    }
    if (!isDone(node, adopted)) {
      result.statements.push({ ...statement, sql: withOwnNames(statement.sql, result.kept) });
    }
  }
  return result;
}

/** Names of views of ours that something else has. */
function takenNames(statements: Statement[], found: Found): string[] {
  const relations = new Set(found.relations.map(({ name }) => name));
  const names = statements.map(({ node }) => relationOf(as(node, "ViewStmt")?.view));
  return [...new Set(names.filter((name) => relations.has(name)))];
}

/** Functions of theirs that are called as ours are: nobody could tell which is meant. */
export function takenFunctions(statements: Statement[], found: Found): string[] {
  const functions = new Set(found.functions.map(({ name, arguments: types }) => `${name}(${types})`));
  const ours = statements.flatMap(({ node }) => {
    const made = as(node, "CreateFunctionStmt");
    return made ? [signatureOf(made)] : [];
  });
  return [...new Set(ours.filter((name) => functions.has(name)))];
}

/** Renamed columns, by the name that the first migration gave them: `tracksolid.x.old` to `new`. */
export function renamedColumns(statements: Statement[]): Map<string, string> {
  const names = new Map<string, string>();
  for (const { node } of statements) {
    const rename = as(node, "RenameStmt");
    if (rename?.renameType === "OBJECT_COLUMN") {
      names.set(`${relationOf(rename.relation)}.${rename.subname}`, rename.newname ?? "");
    }
  }
  return names;
}

/** What the adopted table has already, or cannot get any more. */
function isDone(node: Node, adopted: Map<string, TableAdoption>): boolean {
  const rename = as(node, "RenameStmt");
  if (rename) return adopted.has(relationOf(rename.relation));
  const comment = as(node, "CommentStmt");
  if (comment?.objtype === "OBJECT_COLUMN") {
    const [schema, relation, column] = namesIn(comment.object);
    const table = adopted.get(`${schema}.${relation}`);
    return table !== undefined && !table.ours.columns.some(({ name }) => name === column);
  }
  // A table that is there stays in the form it has.
  const stored = storedByTime(node);
  return stored !== null && adopted.has(stored);
}

function storedByTime(node: Node): string | null {
  const [target] = as(node, "SelectStmt")?.targetList ?? [];
  const call = target && as(as(target, "ResTarget")?.val ?? target, "FuncCall");
  if (!call || textOf(call.funcname?.at(-1)) !== "store_by_time") return null;
  const [relation] = call.args ?? [];
  return (relation && as(relation, "A_Const")?.sval?.sval) ?? null;
}

const relationOf = (relation: { schemaname?: string; relname?: string } | undefined): string =>
  `${relation?.schemaname}.${relation?.relname}`;

const namesIn = (object: Node | undefined): string[] =>
  ((object && as(object, "List")?.items) ?? []).map(textOf);

function signatureOf({ funcname = [], parameters = [] }: CreateFunctionStmt): string {
  const types = parameters.flatMap((node) => {
    const parameter = as(node, "FunctionParameter");
    const isIn = parameter?.mode === "FUNC_PARAM_DEFAULT" || parameter?.mode === "FUNC_PARAM_IN";
    return parameter && isIn ? [typeOf(parameter.argType)] : [];
  });
  return `${funcname.map(textOf).join(".")}(${types.join(", ")})`;
}

/** A type as `oidvectortypes` writes it. */
function typeOf(type: TypeName | undefined): string {
  const words: Record<string, string> = {
    int2: "smallint",
    int4: "integer",
    int8: "bigint",
    float4: "real",
    float8: "double precision",
    bool: "boolean",
    timestamptz: "timestamp with time zone",
    timestamp: "timestamp without time zone",
    varchar: "character varying",
  };
  const name = textOf(type?.names?.at(-1));
  return (words[name] ?? name) + (type?.arrayBounds ? "[]" : "");
}
