import * as z from "zod";
import { shapeOf } from "../catalogue/describe.ts";
import { entries } from "../catalogue/examples.ts";
import { freshnessOf } from "../catalogue/freshness.ts";
import { findObject, grainOf, nameOf } from "../catalogue/objects.ts";
import { defineTool } from "../tool.ts";
import { schemaName, tableName } from "./names.ts";

/** `describe_table`: all there is to know before a query is written. */
export const describeTable = defineTool({
  name: "describe_table",
  title: "A table, explained",
  description:
    "Columns of a table, view or function with their units and meaning, what one row is, caveats, keys and indexes, how fresh it is, and questions with SQL that answers them. `unit` UTC is an instant; null is a text, a count or a flag.",
  input: z.object({ schema: schemaName.default("reporting"), table: tableName }),
  async run({ schema, table }, context) {
    const object = await findObject(schema, table, context);
    const { columns, keys, indexes, ...shape } = await shapeOf(object, context);
    const entry = entries[nameOf(object)];
    const body = JSON.stringify({
      schema: object.schema,
      name: object.name,
      kind: object.kind,
      comment: object.comment,
      grain: grainOf(object),
      arguments: shape.arguments,
      row_estimate: object.rowEstimate,
      freshness: await freshnessOf(object, context),
      caveats: entry?.caveats ?? [],
      row_count: columns.length,
      truncated: false,
      rows: columns,
      keys,
      indexes,
      questions: entry?.questions ?? [],
    });
    return { body, rowCount: columns.length };
  },
});
