import type { ColumnDef, Constraint, CreateStmt, Node } from "@pgsql/types";
import { as, textOf } from "./statements.ts";

/** A column as a migration makes it. */
export interface OurColumn {
  name: string;
  type: string;
  /** SQL of its default. One that is no constant is not told: a table that is there would be written anew for it. */
  default: string | null;
  required: boolean;
  /** The table computes it itself. */
  generated: boolean;
}

/** A table as a migration makes it. */
export interface OurTable {
  name: string;
  columns: OurColumn[];
  key: string[];
}

/** Reads a `create table`. */
export function ourTable(statement: CreateStmt): OurTable {
  const { schemaname, relname } = statement.relation ?? {};
  const table: OurTable = { name: `${schemaname}.${relname}`, columns: [], key: [] };
  for (const element of statement.tableElts ?? []) {
    const definition = as(element, "ColumnDef");
    const constraint = as(element, "Constraint");
    if (definition) {
      const column = ourColumn(definition);
      table.columns.push(column);
      if (constraintsOf(definition).some(({ contype }) => contype === "CONSTR_PRIMARY"))
        table.key = [column.name];
    } else if (constraint?.contype === "CONSTR_PRIMARY") {
      table.key = (constraint.keys ?? []).map(textOf);
    }
  }
  return table;
}

function ourColumn(definition: ColumnDef): OurColumn {
  const { colname: name = "", typeName } = definition;
  const constraints = constraintsOf(definition);
  const given = constraints.find(({ contype }) => contype === "CONSTR_DEFAULT")?.raw_expr;
  return {
    name,
    type: textOf(typeName?.names?.at(-1)) + (typeName?.arrayBounds ? "[]" : ""),
    default: given ? constantOf(given) : null,
    required: constraints.some(({ contype }) => contype === "CONSTR_NOTNULL" || contype === "CONSTR_PRIMARY"),
    generated: constraints.some(({ contype }) => contype === "CONSTR_GENERATED"),
  };
}

const constraintsOf = ({ constraints = [] }: ColumnDef): Constraint[] =>
  constraints.flatMap((node) => as(node, "Constraint") ?? []);

function constantOf(node: Node): string | null {
  const constant = as(node, "A_Const");
  if (constant?.sval) return `'${(constant.sval.sval ?? "").replaceAll("'", "''")}'`;
  if (constant?.boolval) return String(constant.boolval.boolval ?? false);
  if (constant?.ival) return String(constant.ival.ival ?? 0);
  return null;
}
