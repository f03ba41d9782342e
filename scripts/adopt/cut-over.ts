import type postgres from "postgres";
import { identifier } from "../../shared/quote.ts";
import { keptNames } from "../database/adopted.ts";
import { beforeName, ownName } from "../database/own-names.ts";

/** Who has which name: from theirs to ours, or back. */
export interface Swap {
  name: string;
  /** How the one that gives the name up is called from then on. */
  away: string;
  /** How the one that takes it was called. */
  from: string;
}

/** What would change hands. */
export async function swapsOf(sql: postgres.Sql, toOurs: boolean): Promise<Swap[]> {
  return (await keptNames(sql, toOurs)).map((name) =>
    toOurs
      ? { name, away: beforeName(name), from: ownName(name) }
      : { name, away: ownName(name), from: beforeName(name) },
  );
}

/** Renames, all or nothing: what reads a view by what it is goes on reading it. */
export async function swap(sql: postgres.Sql, swaps: Swap[], toOurs: boolean): Promise<void> {
  const parts: string[] = [];
  for (const { name, away, from } of swaps) {
    parts.push(...(await renames(sql, name, away)), ...(await renames(sql, from, name)));
  }
  await sql
    .unsafe(
      `begin; set local lock_timeout = '1s'; ${parts.join(" ")} update private.kept_names set is_theirs = ${!toOurs}; commit;`,
    )
    .simple()
    .catch(async (error: unknown) => {
      await sql.unsafe("rollback").simple();
      throw error;
    });
}

/** The statement that renames a view; none where there is none of that name. */
async function renames(sql: postgres.Sql, from: string, to: string): Promise<string[]> {
  const renamed = identifier(to.split(".")[1] ?? "");
  const rows = await sql<{ words: string }[]>`
    select case c.relkind when 'm' then 'materialized view ' else 'view ' end || c.oid::regclass as words
    from pg_class c where c.oid = to_regclass(${from}) and c.relkind in ('v', 'm')`;
  return rows.map(({ words }) => `alter ${words} rename to ${renamed};`);
}
