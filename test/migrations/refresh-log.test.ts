import { expect, it } from "vitest";
import { createDatabase } from "../setup/database.ts";
import { applyAgain } from "./apply.ts";

it.each([
  ["tracksolid_owner", true],
  ["postgres", false],
])(
  "clears the refresh log of a database that was taken over where %s owns it: %s",
  async (owner, cleared) => {
    await using database = await createDatabase("migrated");
    const { sql } = database;
    await sql`create table reporting.refresh_log (refreshed_at timestamptz)`;
    await sql`alter table reporting.refresh_log owner to ${sql(owner)}`;
    await applyAgain(sql, 22);
    const [granted] = await sql`
    select has_table_privilege('ingest_app', 'reporting.refresh_log', 'delete') as delete,
      has_table_privilege('ingest_app', 'tracksolid.ingestion_log', 'delete') as log,
      has_table_privilege('ingest_app', 'tracksolid.alarms', 'delete') as alarms`;
    expect(granted).toEqual({ delete: cleared, log: true, alarms: false });
  },
);
