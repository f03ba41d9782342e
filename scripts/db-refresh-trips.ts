import type postgres from "postgres";
import { identifier } from "../shared/quote.ts";
import { databaseCommand, runFromTerminal } from "./command.ts";
import { beforeName } from "./database/own-names.ts";

/** Its names: the second since the cut-over. */
const NAMES = ["reporting.v_trips", beforeName("reporting.v_trips")];

export const refreshTripsCommand = databaseCommand({
  help: `Refreshes the materialized view of trips of an adopted database, as its owner.

  npm run db:refresh-trips

For as long as somebody reads it and the system before this one refreshes it no more. DATABASE_URL is a direct connection, which
has no limit of 60 s, as the owner of the view or a superuser.`,
  options: {},
  takes: (words) => words.length === 0,
  async run({ sql, log, result }) {
    const [view] = await materializedOf(sql);
    if (!view) {
      log("Nothing to do: there is no materialized view of trips.");
      result({ view: null });
      return 0;
    }
    await sql`set statement_timeout = 0`;
    await sql.unsafe(`set role ${identifier(view.owner)}`);
    const startedAt = performance.now();
    await sql.unsafe(`refresh materialized view ${view.unique ? "concurrently " : ""}${view.name}`);
    const durationMs = Math.round(performance.now() - startedAt);
    log(`${view.name} refreshed in ${durationMs} ms.`);
    result({ view: view.name, durationMs });
    return 0;
  },
});

/** With a unique index readers need not wait. */
const materializedOf = (sql: postgres.Sql) => sql<{ name: string; owner: string; unique: boolean }[]>`
  select c.oid::regclass::text as name, pg_get_userbyid(c.relowner) as owner, c.relispopulated and exists (
    select from pg_index i where i.indrelid = c.oid and i.indisunique and i.indpred is null and i.indexprs is null
  ) as unique
  from pg_class c
  where c.oid in (select to_regclass(name) from unnest(${NAMES}::text[]) as name) and c.relkind = 'm'`;

if (import.meta.main) await runFromTerminal(refreshTripsCommand);
