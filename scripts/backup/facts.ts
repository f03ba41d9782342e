import type postgres from "postgres";
import { SCHEMAS } from "../database/dictionary.ts";
import type { Manifest } from "./manifest.ts";

type Facts = Pick<Manifest, "migrations" | "server" | "sequences">;

/** What a restore has to know beside the rows. */
export async function readFacts(sql: postgres.Sql): Promise<Facts> {
  const migrations = await sql<Facts["migrations"]>`
    select number, file, checksum from private.migrations order by number`;
  const [server] = await sql<Facts["server"][]>`
    select current_setting('server_version') as postgres,
      (select extversion from pg_extension where extname = 'timescaledb') as timescaledb`;
  const names = await sql<{ name: string; isReadable: boolean }[]>`
    select format('%I.%I', n.nspname, c.relname) as name, has_sequence_privilege(c.oid, 'select') as "isReadable"
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where c.relkind = 'S' and n.nspname in ${sql(SCHEMAS)} order by 1`;
  const closed = names.filter(({ isReadable }) => !isReadable).map(({ name }) => name);
  if (closed.length > 0) {
    throw new Error(
      `How far ${closed.join(", ")} counted may not be read. As the owner: grant select on sequence ${closed.join(", ")} to backup_ro.`,
    );
  }
  const sequences: Facts["sequences"] = [];
  for (const { name } of names) {
    const [counted] = await sql.unsafe<Omit<Facts["sequences"][0], "name">[]>(
      `select last_value::text as "lastValue", is_called as "isCalled" from ${name}`,
    );
    if (counted) sequences.push({ name, ...counted });
  }
  return { migrations: [...migrations], server: server as Facts["server"], sequences };
}
