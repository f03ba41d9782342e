import type postgres from "postgres";
import { AdoptionRefused, type Plan } from "./plan.ts";

/** A table was not free, or roles, which belong to the whole server, were changed from another database. */
const comesAgain = (error: postgres.PostgresError) =>
  error.code === "55P03" || error.message === "tuple concurrently updated";

/** A try every tenth of a second: nobody waits behind one. */
const TRIES = 100;
const PAUSE_MS = 100;

/**
 * Changes the schema: all of it or nothing.
 * @returns how long nobody else could write, at most, ms
 * @throws AdoptionRefused where somebody else holds what it needs, with who that is
 */
export async function changeSchema(sql: postgres.Sql, plan: Plan): Promise<number> {
  for (let tries = 1; ; tries += 1) {
    const startedAt = performance.now();
    try {
      await sql.unsafe(plan.script).simple();
      return Math.round(performance.now() - startedAt);
    } catch (error) {
      await sql.unsafe("rollback").simple();
      if (!comesAgain(error as postgres.PostgresError)) {
        throw new Error(`Nothing was changed: ${(error as Error).message}`, { cause: error });
      }
      if (tries === TRIES) {
        throw new AdoptionRefused(
          `Nothing was changed: in ${(TRIES * PAUSE_MS) / 1000} seconds there was no moment in which all tables were free.\n${await holders(sql)}\nWait for them, or end them, and call again.`,
          { cause: error },
        );
      }
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
  }
}

/** Who holds tables of the fleet. */
async function holders(sql: postgres.Sql): Promise<string> {
  const rows = await sql<{ pid: number; user: string; since: string; tables: string; query: string }[]>`
    select a.pid, a.usename as user, to_char(clock_timestamp() - a.xact_start, 'HH24:MI:SS') as since,
      string_agg(distinct l.relation::regclass::text, ', ') as tables, left(regexp_replace(a.query, '\\s+', ' ', 'g'), 80) as query
    from pg_locks l join pg_stat_activity a using (pid)
    where l.locktype = 'relation' and l.granted and l.database = (select oid from pg_database where datname = current_database())
      and a.pid <> pg_backend_pid() and l.relation in (
        select oid from pg_class where relnamespace in (select oid from pg_namespace where nspname in ('tracksolid', 'reporting'))
      )
    group by a.pid, a.usename, a.xact_start, a.query
    order by a.xact_start`;
  return rows
    .map(
      ({ pid, user, since, tables, query }) =>
        `  process ${pid} of ${user}, since ${since}, on ${tables}: ${query}`,
    )
    .join("\n");
}
