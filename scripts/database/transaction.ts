import type postgres from "postgres";

const takenBack = new Error("taken back");

/** What the driver or the server says where a connection is no more. */
const LOST = new Set([
  ...["CONNECTION_CLOSED", "CONNECTION_DESTROYED", "CONNECTION_ENDED", "ECONNRESET", "EPIPE", "ETIMEDOUT"],
  // Terminated by an administrator, by a crash, by a database that is dropped.
  ...["57P01", "57P02", "57P04"],
]);

type Mode = "" | "isolation level repeatable read";

/** Runs in a transaction that is taken back unless `apply`. @throws in words where the connection is lost */
export async function inTransaction<Result>(
  sql: postgres.Sql,
  apply: boolean,
  work: (tx: postgres.TransactionSql) => Promise<Result>,
  mode: Mode = "",
): Promise<Result> {
  let result: Result | undefined;
  let isWorking = true;
  try {
    await sql.begin(mode, async (tx) => {
      try {
        result = await work(tx);
      } catch (error) {
        if (!isLost(error)) throw error;
        // postgres.js 3.4.9 would take it back on the connection that is no more, and end the process by that
        // (porsager/postgres#1208). It knows itself when that is closed.
        await new Promise(() => {});
      }
      if (!apply) throw takenBack;
      isWorking = false;
    });
  } catch (error) {
    if (isWorking && isLost(error)) {
      throw new Error(
        `The connection to the database was lost, and nothing was changed: look whether it is up, and start again. (${(error as Error).message})`,
      );
    }
    if (error !== takenBack) throw error;
  }
  return result as Result;
}

const isLost = (error: unknown): boolean => LOST.has((error as { code?: string }).code ?? "");
