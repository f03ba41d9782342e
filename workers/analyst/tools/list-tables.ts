import * as z from "zod";
import { allowSchema, grainOf, listObjects } from "../catalogue/objects.ts";
import { defineTool } from "../tool.ts";
import { listOf } from "./list-of.ts";
import { schemaName } from "./names.ts";

/** `list_tables`: what a schema has. */
export const listTables = defineTool({
  name: "list_tables",
  title: "Tables of a schema",
  description:
    "Views, tables and functions of a schema: what each holds (`comment`), what one row is (`grain`), about how many rows a table has (`row_estimate`, of the last analyze; null for views and functions). Functions are read like tables, with arguments: describe_table says how.",
  input: z.object({ schema: schemaName.default("reporting") }),
  async run({ schema }, context) {
    allowSchema(schema, context);
    const objects = await listObjects(context);
    return listOf(
      objects
        .filter((object) => object.schema === schema)
        .map((object) => ({
          name: object.name,
          kind: object.kind,
          comment: object.comment,
          grain: grainOf(object),
          row_estimate: object.rowEstimate,
        })),
    );
  },
});
