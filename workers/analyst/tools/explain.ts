import * as z from "zod";
import { analystConfig } from "../../../shared/config.ts";
import { answerCall, serveTool } from "../served.ts";
import { parameters, toText } from "../wall/parameters.ts";
import { extended } from "../wall/transaction.ts";
import { statement } from "./query.ts";

export const explainTool = serveTool({
  name: "explain",
  title: "Explain a query",
  description:
    "What the planner would do with a statement, and whether it is cheap enough to run; it does not run. For statements that were refused as too costly, or took too long.",
  input: z.object({ sql: statement, params: parameters }),
  answer(caller, { sql, params }) {
    const { ANALYST_MOST_COST: mostCost } = analystConfig(caller.env);
    return answerCall(
      caller,
      { tool: "explain", statement: sql, arguments: { params } },
      async (tx) => {
        // With its options in parentheses, so that "analyze …" is none that runs.
        const lines = await extended<{ "QUERY PLAN": string }>(
          tx,
          `explain (costs on) ${sql}`,
          toText(params),
        );
        const plan = lines.map((line) => line["QUERY PLAN"]);
        return { plan, rowCount: plan.length, bytes: Buffer.byteLength(plan.join("\n")) };
      },
      ({ plan }) => {
        const cost = Number(/cost=[\d.]+\.\.([\d.]+)/.exec(plan[0] ?? "")?.[1] ?? 0);
        return JSON.stringify({ cost, most_cost: mostCost, would_run: cost <= mostCost, plan });
      },
    );
  },
});
