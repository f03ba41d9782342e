import { expect, it } from "vitest";
import { migrate, readMigrations } from "../../scripts/database/migrations.ts";
import { createDatabase } from "../setup/database.ts";

it.each([
  ["tracksolid_owner", true],
  ["postgres", false],
])(
  "clears the refresh log of a database that was taken over where %s owns it: %s",
  async (owner, cleared) => {
    await using database = await createDatabase("empty");
    const { sql } = database;
    const migrations = await readMigrations("migrations");
    const own = migrations.findIndex(({ file }) => file.startsWith("0024_"));
    await migrate(sql, migrations.slice(0, own));
    await sql`create table reporting.refresh_log (refreshed_at timestamptz)`;
    await sql`alter table reporting.refresh_log owner to ${sql(owner)}`;
    await migrate(sql, migrations);
    const [granted] = await sql`
    select has_table_privilege('ingest_app', 'reporting.refresh_log', 'delete') as delete,
      has_table_privilege('ingest_app', 'tracksolid.ingestion_log', 'delete') as log,
      has_table_privilege('ingest_app', 'tracksolid.alarms', 'delete') as alarms`;
    expect(granted).toEqual({ delete: cleared, log: true, alarms: false });
  },
);
