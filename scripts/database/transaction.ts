import type postgres from "postgres";

const takenBack = new Error("taken back");

/** Runs in a transaction that is taken back unless `apply`. */
export async function inTransaction<Result>(
  sql: postgres.Sql,
  apply: boolean,
  work: (tx: postgres.TransactionSql) => Promise<Result>,
  mode: "" | "isolation level repeatable read" = "",
): Promise<Result> {
  let result: Result | undefined;
  try {
    await sql.begin(mode, async (tx) => {
      result = await work(tx);
      if (!apply) throw takenBack;
    });
  } catch (error) {
    if (error !== takenBack) throw error;
  }
  return result as Result;
}
