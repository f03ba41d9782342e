import * as z from "zod";
import { type CatalogueObject, listObjects } from "../catalogue/objects.ts";
import { defineTool } from "../tool.ts";
import { listOf } from "./list-of.ts";

/** `list_schemas`: where there is anything to read. */
export const listSchemas = defineTool({
  name: "list_schemas",
  title: "Schemas",
  description:
    "The schemas you may read, each with what it is for and how many tables, views and functions it has. Begin with `reporting`: it has figures with units; `tracksolid` has the facts as they arrived.",
  input: z.object({}),
  async run(_, context) {
    const objects = await listObjects(context);
    const rows = context.analyst.schemas.flatMap((schema) => {
      const here = objects.filter((object) => object.schema === schema);
      if (here[0] === undefined) return [];
      const count = (kind: CatalogueObject["kind"]) => here.filter((object) => object.kind === kind).length;
      return {
        schema,
        comment: here[0].schemaComment,
        tables: count("table"),
        views: count("view"),
        functions: count("function"),
      };
    });
    return listOf(rows);
  },
});
