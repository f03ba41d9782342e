import type postgres from "postgres";

// What an adopted database alone has (npm run db:adopt).

/** How many steps of the adoption are left; none in a database that was never another's. */
export async function stepsLeft(sql: postgres.Sql): Promise<number> {
  if (!(await exists(sql, "private.adoption"))) return 0;
  const [row] = await sql<{ count: number }[]>`
    select count(*)::int as count from private.adoption where done_at is null`;
  return row?.count ?? 0;
}

/** Number of the last migration that came with the adoption, which noted no time for any; 0 in a database that was never another's. */
export async function lastAdopted(sql: postgres.Sql): Promise<number> {
  if (!(await exists(sql, "private.adoption"))) return 0;
  const [row] = await sql<{ number: number | null }[]>`
    select max(number) as number from private.migrations where duration_ms = 0`;
  return row?.number ?? 0;
}

/** Names of views, with their schema, that theirs have, or ours since the cut-over. */
export async function keptNames(sql: postgres.Sql, areTheirs: boolean): Promise<string[]> {
  if (!(await exists(sql, "private.kept_names"))) return [];
  const rows = await sql<{ name: string }[]>`
    select name from private.kept_names where is_theirs = ${areTheirs} order by name`;
  return rows.map(({ name }) => name);
}

/** Whether there is a relation of that name. */
export async function exists(sql: postgres.Sql, name: string): Promise<boolean> {
  const [row] = await sql<{ exists: boolean }[]>`select to_regclass(${name}) is not null as exists`;
  return row?.exists === true;
}
