import type postgres from "postgres";
import type { CheckedRow } from "../../shared/tickets/check.ts";
import { OUR_OWNER, tableOf } from "../../shared/tickets/table.ts";
import type { Target } from "../../shared/tickets/targets.ts";
import { type Outcome, writeRows } from "../../shared/tickets/write.ts";
import { inTransaction } from "../database/transaction.ts";

/**
 * Writes the rows of a file into a table of our own, all or none.
 * @param sql A direct connection as tracksolid_owner, or as an administrator
 * @param apply Without it everything is tried and taken back
 * @throws where the table is not ours
 */
export async function importRows(
  sql: postgres.Sql,
  target: Target,
  rows: CheckedRow[],
  apply: boolean,
): Promise<Outcome> {
  await refuseForeign(sql, target);
  return inTransaction(sql, apply, async (tx) => {
    await tx`set local role tracksolid_owner`;
    return writeRows(tx, target, rows);
  });
}

async function refuseForeign(sql: postgres.Sql, target: Target): Promise<void> {
  const { schema, table } = target;
  const found = await tableOf(sql, target);
  if (found?.owner === OUR_OWNER) return;
  throw new Error(
    found === undefined
      ? `There is no table ${schema}.${table} of ours. Before npm run db:migrate there is none; where the schema ${schema} belongs to another product there never is: see npm run db:map-tickets.`
      : `The table ${schema}.${table} belongs to ${found.owner}, and nothing is written there: see npm run db:map-tickets.`,
  );
}
