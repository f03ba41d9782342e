import type { Node } from "@pgsql/types";
import { parse } from "libpg-query";
import type { Migration } from "../database/migrations.ts";

/** A statement of a migration, as Postgres's own parser reads it. */
export interface Statement {
  file: string;
  runAs: Migration["runAs"];
  /** With the comments before it, without the semicolon. */
  sql: string;
  node: Node;
}

/** Cuts migrations into statements. */
export async function statementsOf(migrations: Migration[]): Promise<Statement[]> {
  const statements: Statement[] = [];
  for (const { file, runAs, sql } of migrations) {
    // The parser counts bytes.
    const bytes = Buffer.from(sql);
    const { stmts = [] } = await parse(sql);
    for (const { stmt, stmt_location: from = 0, stmt_len: length = bytes.length - from } of stmts) {
      if (!stmt) continue;
      statements.push({ file, runAs, sql: bytes.toString("utf8", from, from + length).trim(), node: stmt });
    }
  }
  return statements;
}

type Kind = Node extends infer One ? (One extends unknown ? keyof One : never) : never;
type Of<K extends Kind> = Node extends infer One
  ? One extends { [key in K]: infer Inner }
    ? Inner
    : never
  : never;

/** The node if it is of that kind. */
export function as<K extends Kind>(node: Node, kind: K): Of<K> | null {
  return kind in node ? ((node as Record<string, unknown>)[kind] as Of<K>) : null;
}

/** The text of a node that is one, as names in lists are. */
export const textOf = (node: Node | undefined): string => (node && as(node, "String")?.sval) ?? "";
