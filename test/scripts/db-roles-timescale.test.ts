import type postgres from "postgres";
import { describe, expect, it } from "vitest";
import { createDatabase } from "../setup/database.ts";
import { applyThrowAwayRoles } from "./throw-away-roles.ts";

const UNDONE = new Error("undone");

/** @returns the SQLSTATE, or `ok` */
async function attempt(sql: postgres.Sql, role: string, statement: string, mode = "read only") {
  try {
    await sql.begin(mode, async (tx) => {
      await tx`set local role ${tx(role)}`;
      await tx.unsafe(statement);
      throw UNDONE;
    });
    return "not undone";
  } catch (error) {
    return error === UNDONE ? "ok" : (error as postgres.PostgresError).code;
  }
}

describe.skipIf(!process.env.TIMESCALE_URL)("on TimescaleDB", () => {
  it("lets nobody but the owner drop chunks or make jobs, and everybody go on with what is theirs", async () => {
    await using database = await createDatabase("migrated");
    const { sql } = database;
    const fix = (day: string) =>
      `insert into tracksolid.position_history (imei, gps_time, lat, lng, source, sources, received_at) values ('860000000000011', '${day}', -1, 36, 'poll', 1, now())`;
    await sql.unsafe(fix("2026-01-05"));
    await sql.unsafe(fix("2026-05-05"));
    const [chunk] = await sql<
      { name: string }[]
    >`select show_chunks('tracksolid.position_history', older_than => '2026-03-01'::timestamptz)::text as name`;
    const destroying = [
      `select _timescaledb_functions.drop_chunk('${chunk?.name}')`,
      `select _timescaledb_functions.freeze_chunk('${chunk?.name}')`,
      "select add_job('pg_catalog.now'::regproc, '1 s')",
      "call run_job(1000)",
    ];
    // Without it they can, or this would show nothing.
    expect(await attempt(sql, "analytics_ro", destroying[0] ?? "")).toBe("ok");

    const { open, done } = await applyThrowAwayRoles(database);
    expect(open).toEqual([]);
    expect(done.map(({ line }) => line)).toContainEqual(
      expect.stringMatching(/^functions \(TimescaleDB\): no longer for PUBLIC: .*drop_chunk,.* run_job/),
    );
    for (const role of ["analytics_ro", "dashboard_ro", "backup_ro", "ingest_app"]) {
      for (const statement of destroying) {
        expect(await attempt(sql, role, statement, "read write"), `${role} ${statement}`).toBe("42501");
        expect(await attempt(sql, role, statement), `${role} ${statement}`).toBe("42501");
      }
    }

    const [compressed] = await sql`select compress_chunk(${chunk?.name ?? ""}::regclass, true) as chunk`;
    expect(compressed?.chunk).toBe(chunk?.name);
    const write = (day: string) => attempt(sql, "ingest_app", fix(day), "read write");
    expect(await write("2026-01-06"), "into a compressed chunk").toBe("ok");
    expect(await write("2026-09-06"), "into a new chunk").toBe("ok");
    const remove = "select private.remove_before('tracksolid.position_history', '2026-03-01', 1000)";
    expect(await attempt(sql, "ingest_app", remove, "read write")).toBe("ok");
    const policy =
      "select remove_compression_policy('tracksolid.position_history'), add_compression_policy('tracksolid.position_history', interval '7 days')";
    expect(await attempt(sql, "tracksolid_owner", policy, "read write")).toBe("ok");
    const again = await applyThrowAwayRoles(database);
    expect(again.done.filter(({ topic }) => topic === "extension")).toEqual([]);
  });

  it("says that it has to be run again where migrations will make the extension", async () => {
    await using database = await createDatabase("empty");
    expect(await applyThrowAwayRoles(database)).toMatchObject({ extensionToCome: true, open: [] });
    await database.sql`create extension timescaledb`;
    const { done, extensionToCome } = await applyThrowAwayRoles(database);
    expect(extensionToCome).toBe(false);
    expect(done.map(({ topic }) => topic)).toContain("extension");
  });
});
