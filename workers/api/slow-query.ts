import type postgres from "postgres";
import type { Parameter } from "../../shared/database.ts";
import { log, messageOf } from "../../shared/log.ts";

/** A statement that took too long, and where. */
export interface SlowQuery {
  sql: postgres.Sql;
  statement: string;
  parameters: Parameter[];
  requestId: string;
  route: string;
  durationMs: number;
  /** Whether the server answered: who did not cannot be asked for a plan. */
  answered: boolean;
}

/** What the planner says: a cost far beyond the usual is a missing index, the usual cost a wait. */
interface Plan {
  "Total Cost": number;
  "Plan Rows": number;
}

/** Logs a slow statement with its planner's cost. Never throws. */
export async function logSlowQuery({ sql, statement, parameters, ...query }: SlowQuery): Promise<void> {
  const { answered, ...fields } = query;
  let plan: Plan | undefined;
  let error: string | null = null;
  try {
    if (answered) plan = await explain(sql, statement, parameters);
  } catch (refused) {
    error = messageOf(refused);
  }
  log("warn", "slow_query", {
    ...fields,
    planCost: plan?.["Total Cost"] ?? null,
    planRows: plan?.["Plan Rows"] ?? null,
    error,
  });
}

/** Plans it once more with the same parameters, and does not run it. */
async function explain(
  sql: postgres.Sql,
  statement: string,
  parameters: Parameter[],
): Promise<Plan | undefined> {
  const [row] = await sql.unsafe<{ "QUERY PLAN": { Plan: Plan }[] }[]>(
    `explain (format json) ${statement}`,
    parameters,
    { prepare: true },
  );
  return row?.["QUERY PLAN"][0]?.Plan;
}
