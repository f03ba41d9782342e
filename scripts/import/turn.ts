import type postgres from "postgres";

/** Any number, the same for all imports. */
const LOCK_KEY = 1_906_203_307;

/**
 * One import of a table at a time, until the end of the transaction. A second would wait for the first with a file that may be
 * older by then.
 * @throws where another is at work
 */
export async function takeTurn(tx: postgres.TransactionSql, relation: string): Promise<void> {
  const [turn] = await tx<{ isTaken: boolean }[]>`
    select pg_try_advisory_xact_lock(${LOCK_KEY}, hashtext(${relation})) as "isTaken"`;
  if (turn?.isTaken) return;
  throw new Error(`Another import changes ${relation} just now: wait until it has ended, and start again.`);
}
