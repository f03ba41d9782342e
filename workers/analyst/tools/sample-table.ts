import * as z from "zod";
import { analystConfig } from "../../../shared/config.ts";
import { answerCall, serveTool } from "../served.ts";
import { ToolRefusal } from "../tool.ts";
import { rowsBody } from "../wall/rows-body.ts";
import { runStatement } from "../wall/run.ts";
import { extended } from "../wall/transaction.ts";

const MOST_ROWS = 100;

export const sampleTool = serveTool({
  name: "sample_table",
  title: "See some rows",
  description: "Some rows of a table or view, to see what its columns look like. In no order.",
  input: z.object({
    schema: z.string().min(1).max(100).describe("As list_schemas names it."),
    table: z.string().min(1).max(100).describe("As list_tables names it."),
    limit: z.int().min(1).max(MOST_ROWS).default(10).describe("How many rows."),
  }),
  answer(caller, asked) {
    return answerCall(
      caller,
      { tool: "sample_table", statement: null, arguments: asked },
      async (tx) => {
        const [found] = await extended<{ name: string | null }>(
          tx,
          "select to_regclass(format('%I.%I', $1::text, $2::text))::text as name",
          [asked.schema, asked.table],
        );
        if (!found?.name) {
          throw new ToolRefusal(
            "unknown_table",
            `There is no ${asked.schema}.${asked.table}: see list_tables.`,
          );
        }
        // Of 100 rows as many as fit: a sample that is cut is one, too.
        const sql = `select * from ${found.name} limit ${asked.limit}`;
        return runStatement(tx, { sql, parameters: [], mostRows: asked.limit }, analystConfig(caller.env));
      },
      rowsBody,
    );
  },
});
