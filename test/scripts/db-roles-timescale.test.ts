import { randomUUID } from "node:crypto";
import postgres from "postgres";
import { describe, expect, it } from "vitest";
import { migrate, readMigrations } from "../../scripts/database/migrations.ts";
import { applyRoles } from "../../scripts/roles/apply.ts";
import type { LoginRole, RoleDefinition } from "../../scripts/roles/definition.ts";
import { readServerLoad } from "../../scripts/roles/server-load.ts";
import { tracksolid } from "../../scripts/roles/tracksolid.ts";
import { createDatabase, type OwnDatabase } from "../setup/database.ts";
import { applyThrowAwayRoles } from "./throw-away-roles.ts";

const insertFix = (day: string) =>
  `insert into tracksolid.position_history (imei, gps_time, lat, lng, source, sources, received_at) values ('860000000000011', '${day}', -1, 36, 'poll', 1, now())`;

/** As the migrations leave it; the one that others are copied from is closed. */
async function openDatabase(): Promise<OwnDatabase> {
  const database = await createDatabase("empty");
  await migrate(database.sql, await readMigrations("migrations"));
  return database;
}

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
    await using database = await openDatabase();
    const { sql } = database;
    await sql.unsafe(insertFix("2026-01-05"));
    await sql.unsafe(insertFix("2026-05-05"));
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
    const write = (day: string) => attempt(sql, "ingest_app", insertFix(day), "read write");
    expect(await write("2026-01-06"), "into a compressed chunk").toBe("ok");
    expect(await write("2026-09-06"), "into a new chunk").toBe("ok");
    const remove = "select private.remove_positions('2026-03-01', 1000)";
    expect(await attempt(sql, "ingest_app", remove, "read write")).toBe("ok");
    const policy =
      "select remove_compression_policy('tracksolid.position_history'), add_compression_policy('tracksolid.position_history', interval '7 days')";
    expect(await attempt(sql, "tracksolid_owner", policy, "read write")).toBe("ok");
    const again = await applyThrowAwayRoles(database);
    expect(again.done.filter(({ topic }) => topic === "extension")).toEqual([]);
  });

  it("lists them as open, which is a failure, where it is no superuser that asks", async () => {
    await using database = await openDatabase();
    const name = `administrator_${randomUUID().slice(0, 8)}`;
    await database.sql`create role ${database.sql(name)} login createrole password 'throw-away'`;
    const [own] = await database.sql`select current_database() as name`;
    await database.sql`alter database ${database.sql(own?.name)} owner to ${database.sql(name)}`;
    const url = new URL(database.url);
    [url.username, url.password] = [name, "throw-away"];
    const sql = postgres(url.href, { max: 1, onnotice: () => {} });
    try {
      const request = { apply: false, rotate: [], withOwner: false, revokeFunctions: false };
      const { open } = await applyRoles(sql, { ...tracksolid, roles: [] }, request);
      expect(open.map(({ topic }) => topic)).toContain("extension");
    } finally {
      await sql.end();
      await database.sql`alter database ${database.sql(own?.name)} owner to current_user`;
      await database.sql`drop owned by ${database.sql(name)}`;
      await database.sql`drop role ${database.sql(name)}`;
    }
  });

  it("takes rights to change rows from readers, in chunks too", async () => {
    await using database = await createDatabase("migrated");
    const { sql } = database;
    await sql.unsafe(
      `${insertFix("2026-01-05")}; grant insert, delete on tracksolid.position_history to analytics_ro`,
    );
    const { open, strangers } = await applyThrowAwayRoles(database);
    expect({ open, strangers }).toEqual({ open: [], strangers: [] });
    const [row] = await sql`
      select count(*)::int as chunks, bool_or(has_table_privilege('analytics_ro', chunk, 'insert, delete')) as writes,
        bool_and(has_table_privilege('analytics_ro', chunk, 'select')) as reads
      from (select 'tracksolid.position_history'::regclass union all select show_chunks('tracksolid.position_history')) c (chunk)`;
    expect(row).toEqual({ chunks: 2, writes: false, reads: true });
  });

  it("mends a membership with admin option, which PostgreSQL 15 keeps without a grantor that counts", async () => {
    await using database = await createDatabase("empty");
    const { sql } = database;
    const suffix = randomUUID().slice(0, 8);
    const [group, member, friend] = ["group", "member", "friend"].map((name) => `${name}_${suffix}`) as [
      string,
      string,
      string,
    ];
    const role: LoginRole = {
      name: member,
      kind: "login",
      purpose: "x",
      connectionLimit: 1,
      settings: {},
      memberOf: [group],
    };
    const roles: RoleDefinition[] = [{ name: group, kind: "group", purpose: "x" }, role];
    await sql.unsafe(`
      create role ${group}; create role ${member} login; create role ${friend};
      grant ${group} to ${member} with admin option; set role ${member}; grant ${group} to ${friend}; reset role`);
    try {
      const definition = {
        product: "x",
        schemas: [],
        telling: [],
        expected: false,
        roles,
        functions: tracksolid.functions,
      };
      const request = { apply: true, rotate: [], withOwner: false, revokeFunctions: false };
      const { open, done, strangers } = await applyRoles(sql, definition, request);
      expect(open).toEqual([]);
      expect(done.map(({ line }) => line)).toContain(
        `${member}: member of ${group} as defined, without admin option`,
      );
      const rows = await sql`
        select member::regrole::text, admin_option as admin from pg_auth_members where roleid = ${group}::regrole`;
      expect([...rows].filter((row) => row.member === member)).toEqual([{ member, admin: false }]);
      // Before 16 nobody remembers who made the friend a member; then it is told.
      expect(strangers).toHaveLength(rows.filter((row) => row.member === friend).length);
    } finally {
      await sql.unsafe(`drop owned by ${member}; drop role ${member}, ${friend}, ${group}`);
    }
  });

  it("says that it has to be run again where migrations will make the extension", async () => {
    await using database = await createDatabase("empty");
    expect(await applyThrowAwayRoles(database)).toMatchObject({ extensionToCome: true, open: [] });
    await database.sql`create extension timescaledb`;
    const { done, extensionToCome } = await applyThrowAwayRoles(database);
    expect(extensionToCome).toBe(false);
    expect(done.map(({ topic }) => topic)).toContain("extension");
  });

  it("counts no worker of TimescaleDB as a client, whoever asks", async () => {
    await using database = await createDatabase("migrated");
    const { sql } = database;
    const name = `asks_${randomUUID().slice(0, 8)}`;
    await sql`create role ${sql(name)} login password 'throw-away'`;
    const url = new URL(database.url);
    [url.username, url.password] = [name, "throw-away"];
    const asks = postgres(url.href, { max: 1 });
    try {
      const workers =
        await sql`select from pg_stat_activity where backend_type like 'TimescaleDB%' and usename = current_user`;
      expect(workers.length).toBeGreaterThan(0);
      // Others work on this server, too: what both see at one moment.
      await expect
        .poll(async () => {
          const [known, told] = [await readServerLoad(sql), await readServerLoad(asks)];
          return told.live - known.live;
        })
        .toBe(0);
    } finally {
      await asks.end();
      await sql`drop role ${sql(name)}`;
    }
  });
});
