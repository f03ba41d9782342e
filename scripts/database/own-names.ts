import type postgres from "postgres";

// In a database that was adopted, views of the earlier system keep their names until the cut-over. Ours have
// another for so long, which private.kept_names lists.

/** How a view of ours is called while another has its name. */
export const ownName = (name: string): string => `${name}_ours`;

/** A statement about ours, where others have some of their names. */
export const withOwnNames = (sql: string, kept: string[]): string =>
  kept.reduce(
    (text, name) =>
      text.replace(new RegExp(`(?<![\\w.])${name.replace(".", "\\.")}(?!\\w)`, "g"), ownName(name)),
    sql,
  );

/** Names that others have in a database, with their schema; none but in one that was adopted and not cut over. */
export async function keptNames(sql: postgres.Sql): Promise<string[]> {
  const [there] = await sql`select to_regclass('private.kept_names') is not null as exists`;
  if (!there?.exists) return [];
  const rows = await sql<
    { name: string }[]
  >`select name from private.kept_names where is_theirs order by name`;
  return rows.map(({ name }) => name);
}
