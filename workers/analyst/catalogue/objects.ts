import selectObjects from "#sql/workers/analyst/catalogue/objects.sql";
import type { AnalystSchema } from "../../../shared/analysts.ts";
import { type ToolContext, ToolRefusal } from "../tool.ts";
import { entries } from "./examples.ts";
import { nearest } from "./nearest.ts";

/** A table, view or function that an analyst may read. */
export interface CatalogueObject {
  oid: string;
  schema: AnalystSchema;
  schemaComment: string | null;
  name: string;
  kind: "table" | "view" | "function";
  comment: string | null;
  /** By the last analyze; null for views, functions and tables that never were. */
  rowEstimate: number | null;
}

/** `schema.name`, by which entries go. */
export const nameOf = ({ schema, name }: Pick<CatalogueObject, "schema" | "name">): string =>
  `${schema}.${name}`;

/** What one row is: by the entry, else by the comment, which says so of views. */
export const grainOf = (object: CatalogueObject): string | null =>
  entries[nameOf(object)]?.grain ?? /\bGrain: ([^.]+)\./.exec(object.comment ?? "")?.[1] ?? null;

/**
 * Everything the analyst may read, by schema: views, tables, functions. Of functions those with an entry; others are what these
 * are made of.
 */
export async function listObjects({ analyst, read }: ToolContext): Promise<CatalogueObject[]> {
  const all = await read<CatalogueObject>(selectObjects, [JSON.stringify(analyst.schemas)]);
  return all.filter((object) => object.kind !== "function" || nameOf(object) in entries);
}

/** @throws ToolRefusal unless the analyst may see the schema */
export function allowSchema(schema: string, { analyst }: ToolContext): asserts schema is AnalystSchema {
  if (!analyst.schemas.some((allowed) => allowed === schema)) {
    throw new ToolRefusal(
      "schema_not_allowed",
      `You may not see a schema of that name. Yours: ${analyst.schemas.join(", ")}.`,
    );
  }
}

/**
 * What an analyst means by a name.
 * @param table May have its schema in front, which then counts.
 * @throws ToolRefusal with the nearest names, where there is none
 */
export async function findObject(
  schema: string,
  table: string,
  context: ToolContext,
): Promise<CatalogueObject> {
  const dot = table.indexOf(".");
  const [inSchema, name] = dot < 0 ? [schema, table] : [table.slice(0, dot), table.slice(dot + 1)];
  allowSchema(inSchema, context);
  const objects = await listObjects(context);
  const found = objects.find((object) => object.schema === inSchema && object.name === name);
  if (found) return found;
  const names = nearest(`${inSchema}.${name}`, objects.map(nameOf), 5);
  throw new ToolRefusal(
    "unknown_table",
    `There is no table, view or function of that name that you may read.${names.length > 0 ? ` Nearest: ${names.join(", ")}.` : ""} list_tables has all of a schema.`,
  );
}
