import * as z from "zod";
import { analystConfig } from "../../../shared/config.ts";
import { answerCall, serveTool } from "../served.ts";
import { ToolRefusal } from "../tool.ts";
import { parameters, toText } from "../wall/parameters.ts";
import { rowsBody } from "../wall/rows-body.ts";
import { runStatement } from "../wall/run.ts";

/** A statement longer than that is a program, and its record would not fit into a message. */
const MOST_CHARACTERS = 50_000;

/** A statement of an analyst. */
export const statement = z
  .string()
  .min(1, "is empty")
  .max(MOST_CHARACTERS, `is longer than ${MOST_CHARACTERS} characters`)
  .describe("One statement that reads: select, with … select, values or table.");

export const queryTool = serveTool({
  name: "query",
  title: "Run a query",
  description:
    "Runs one SQL statement that reads (PostgreSQL), and answers its rows as JSON objects with the types and units of its columns. Bounded in rows, bytes, time and cost: bound imei and time, aggregate in SQL, and prefer roll-ups of the schema reporting.",
  input: z.object({
    sql: statement,
    params: parameters,
    max_rows: z
      .int()
      .min(1)
      .optional()
      .describe("How many rows at most (1,000 unless the deployment says otherwise)."),
  }),
  answer(caller, { sql, params, max_rows }) {
    const config = analystConfig(caller.env);
    const call = { tool: "query", statement: sql, arguments: { params, max_rows } };
    return answerCall(
      caller,
      call,
      async (tx) => {
        const mostRows = max_rows ?? config.ANALYST_ROWS;
        if (mostRows > config.ANALYST_MOST_ROWS) {
          throw new ToolRefusal(
            "too_many_rows",
            `max_rows is at most ${config.ANALYST_MOST_ROWS}: aggregate, or ask page by page, after the last key.`,
          );
        }
        return runStatement(tx, { sql, parameters: toText(params), mostRows }, config);
      },
      (found) => rowsBody(found, caller.held),
    );
  },
});
