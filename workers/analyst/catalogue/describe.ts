import selectColumns from "#sql/workers/analyst/catalogue/columns.sql";
import selectFunction from "#sql/workers/analyst/catalogue/function.sql";
import selectKeys from "#sql/workers/analyst/catalogue/keys.sql";
import type { ToolContext } from "../tool.ts";
import type { CatalogueObject } from "./objects.ts";
import { unitOf } from "./unit.ts";

interface StoredColumn {
  name: string;
  type: string;
  nullable: boolean;
  comment: string | null;
}

/** A column, with the unit its values are in. */
export interface Column extends StoredColumn {
  unit: string | null;
}

/** What the database knows of an object's shape. */
export interface Shape {
  columns: Column[];
  keys: string[];
  indexes: string[];
  /** What a function is called with, by name and type; null for a table or view. */
  arguments: string | null;
}

const withUnit = (column: StoredColumn): Column => ({
  ...column,
  unit: unitOf(column.name, column.comment),
});

/** Asks the database for the shape of an object. */
export async function shapeOf(object: CatalogueObject, { read }: Pick<ToolContext, "read">): Promise<Shape> {
  if (object.kind === "function") {
    const [found] = await read<{ arguments: string; columns: StoredColumn[] }>(selectFunction, [object.oid]);
    return {
      columns: (found?.columns ?? []).map(withUnit),
      keys: [],
      indexes: [],
      arguments: found?.arguments ?? "",
    };
  }
  const columns = await read<StoredColumn>(selectColumns, [object.oid]);
  const [found] =
    object.kind === "table"
      ? await read<{ keys: string[]; indexes: string[] }>(selectKeys, [object.oid])
      : [];
  return {
    columns: columns.map(withUnit),
    keys: found?.keys ?? [],
    indexes: found?.indexes ?? [],
    arguments: null,
  };
}
