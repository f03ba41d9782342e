import { expect, it } from "vitest";
import { createDatabase } from "../setup/database.ts";

it.each(["dashboard_ro", "analytics_ro", "ingest_app"])(
  "tells %s of the jobs of TimescaleDB where it is, and of none where it is not",
  async (role) => {
    await using database = await createDatabase("migrated");
    const { sql } = database;
    const [extension] = await sql`select from pg_extension where extname = 'timescaledb'`;
    const rows = await sql.begin(async (tx) => {
      await tx`set local role ${tx(role)}`;
      return tx`select * from reporting.fn_timescale_jobs('2026-10-06T12:00:00Z')`;
    });
    if (extension) expect(rows.every(({ job_id }) => job_id >= 1000)).toBe(true);
    else expect([...rows]).toEqual([]);
  },
);
