import * as z from "zod";
import { analystConfig } from "../../../shared/config.ts";
import { identifier } from "../../../shared/quote.ts";
import { findObject } from "../catalogue/objects.ts";
import { answerCall, readingAs, serveTool } from "../served.ts";
import { ToolRefusal } from "../tool.ts";
import { rowsBody } from "../wall/rows-body.ts";
import { runStatement } from "../wall/run.ts";
import { schemaName, tableName } from "./names.ts";

const MOST_ROWS = 100;

export const sampleTool = serveTool({
  name: "sample_table",
  title: "See some rows",
  description: "Some rows of a table or view, to see what its columns look like. In no order.",
  input: z.object({
    schema: schemaName.default("reporting"),
    table: tableName,
    limit: z.int().min(1).max(MOST_ROWS).default(10).describe("How many rows."),
  }),
  answer(caller, asked) {
    return answerCall(
      caller,
      { tool: "sample_table", statement: null, arguments: asked },
      async (tx) => {
        const { kind, schema, name } = await findObject(asked.schema, asked.table, readingAs(caller, tx));
        if (kind === "function") {
          throw new ToolRefusal(
            "unknown_table",
            `${schema}.${name} is a function: describe_table says what it takes, and query calls it.`,
          );
        }
        // Of 100 rows as many as fit: a sample that is cut is one, too.
        const sql = `select * from ${identifier(schema)}.${identifier(name)} limit ${asked.limit}`;
        return runStatement(tx, { sql, parameters: [], mostRows: asked.limit }, analystConfig(caller.env));
      },
      (found) => rowsBody(found, caller.held),
    );
  },
});
