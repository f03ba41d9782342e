import type postgres from "postgres";
import { AdoptionRefused, type Plan } from "./plan.ts";

const LOCK_NOT_AVAILABLE = "55P03";

const ROLE_TRIES = 10;

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
      const { code, message } = error as postgres.PostgresError;
      // Roles belong to the whole server, and somebody changed them from another database.
      if (message === "tuple concurrently updated" && tries < ROLE_TRIES) continue;
      if (code !== LOCK_NOT_AVAILABLE) throw new Error(`Nothing was changed: ${message}`, { cause: error });
      throw new AdoptionRefused(
        `Nothing was changed: a table was not free within a second.\n${await holders(sql)}\nWait for it, or end it, and call again.`,
        { cause: error },
      );
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
