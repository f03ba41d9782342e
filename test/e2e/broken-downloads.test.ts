import { mkdtemp, readFile, rm } from "node:fs/promises";
import { get, type IncomingMessage } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import postgres from "postgres";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { type EmbeddedDatabase, startEmbeddedPostgres } from "../../scripts/database/embedded.ts";
import { migrate, readMigrations } from "../../scripts/database/migrations.ts";
import { openLocalRoles } from "../../scripts/database/roles.ts";
import { type CuttableProxy, startCuttableProxy } from "../setup/cuttable-proxy.ts";
import { type Stack, startStack } from "../setup/harness.ts";
import { whileHung } from "../setup/hung.ts";

const IMEI = "860000000000001";
/** 31 days of a fix every 5 s: more than the buffers of sockets on the way hold, which is some 25 MB. */
const FIXES_A_DAY = 17_280;
const FIXES = 31 * FIXES_A_DAY;
const PAGES = Math.ceil(FIXES / 9_000);
const TRACK = `/v1/vehicles/${IMEI}/track?from=2026-01-01T00:00:00Z&to=2026-02-01T00:00:00Z`;

let folder: string;
let server: EmbeddedDatabase;
let proxy: CuttableProxy;
let sql: postgres.Sql;
let stack: Stack;

const connect = () => postgres(server.adminUrl("fleet"), { max: 2, onnotice: () => {} });
const start = () => startEmbeddedPostgres(join(folder, "postgres"), { volatile: true });

/** Ends the server as a machine that goes down does: nobody is told, nothing is finished. */
async function kill(): Promise<void> {
  const pid = Number((await readFile(join(folder, "postgres", "postmaster.pid"), "utf8")).split("\n")[0]);
  await proxy.cut();
  process.kill(pid, "SIGQUIT");
  await sql.end({ timeout: 0 });
  await server.stop();
}

async function startAgain(): Promise<void> {
  server = await start();
  sql = connect();
  await proxy.mend(server.port);
}

/** A client that reads when it is told to. */
async function download(format: string) {
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    get(`${stack.url}${TRACK}&format=${format}`, { agent: false }, resolve).on("error", reject);
  });
  expect(response.statusCode).toBe(200);
  const chunks = response[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  let text = "";
  const take = async () => {
    const { value, done } = await chunks.next();
    if (!done) text += value;
    return !done;
  };
  return {
    text: () => text,
    /** Reads some of it. */
    begin: async () => {
      while (text.length < 200_000) await take();
    },
    /** Reads what is left. */
    end: async () => {
      while (await take());
      return text;
    },
    goAway: () => response.destroy(),
  };
}

/** Sessions of readers: what they do, and how many do so. */
const sessions = async () =>
  (await sql`select state from pg_stat_activity where usename = 'dashboard_ro' order by 1`).map(
    ({ state }) => state,
  );

/** Pages that were read of the history so far. */
async function pagesRead(): Promise<number> {
  const [row] = await sql`
    select coalesce(idx_scan, 0)::int as scans from pg_stat_user_tables where relname = 'position_history'`;
  return row?.scans;
}

/** Waits until the history is read no further. @returns How often it was. */
async function restingPages(): Promise<number> {
  let before = -1;
  await expect
    .poll(
      async () => {
        const now = await pagesRead();
        const rests = now === before;
        before = now;
        return rests;
      },
      { interval: 2_500, timeout: 60_000 },
    )
    .toBe(true);
  return before;
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "tracksolid-broken-"));
  server = await start();
  const admin = postgres(server.adminUrl("postgres"), { max: 1, onnotice: () => {} });
  await admin`create database fleet`;
  await admin.end();
  sql = connect();
  await migrate(sql, await readMigrations("migrations"));
  await openLocalRoles(sql, 20);
  await sql`
    insert into tracksolid.devices (imei, account, plate, facts_at, created_at, changed_at)
    values (${IMEI}, 'fireside', 'KDA 001A', now(), now(), now())`;
  await sql`
    insert into tracksolid.position_history (imei, gps_time, lat, lng, speed_kmh, heading_deg, source, sources, received_at)
    select ${IMEI}, timestamptz '2026-01-01' + n * interval '5 s', -1.3 + n / 1e6, 36.8, 40, 0, 'poll', 1, '2026-01-01'
    from generate_series(0, ${FIXES - 1}) n`;
  await sql`analyze tracksolid.position_history`;
  proxy = await startCuttableProxy(server.port);
  stack = await startStack({
    world: { vehicles: 1 },
    database: { url: server.adminUrl("fleet"), sql, [Symbol.asyncDispose]: async () => {} },
    databasePort: proxy.port,
  });
});

afterAll(async () => {
  await stack[Symbol.asyncDispose]();
  await proxy[Symbol.asyncDispose]();
  await sql.end({ timeout: 1 });
  await server.stop();
  await rm(folder, { recursive: true, force: true });
});

beforeEach(async () => {
  await expect.poll(sessions, { timeout: 30_000 }).toEqual([]);
  await sql`select pg_stat_reset()`;
});

it.each([
  ["geojson", "]}"],
  ["csv", "\r\n"],
])("breaks a track as %s off where the database is killed while it is read", async (format) => {
  const reader = await download(format);
  await reader.begin();
  // What nobody takes is not read, and meanwhile nothing is held.
  expect(await restingPages()).toBeLessThan(PAGES);
  expect(new Set(await sessions())).toEqual(new Set(["idle"]));

  const before = stack.lines("answer_broken_off").length;
  await kill();
  await expect(reader.end()).rejects.toThrow();
  if (format === "geojson") expect(() => JSON.parse(reader.text())).toThrow();
  else expect(reader.text().split("\r\n").length).toBeLessThan(FIXES);

  const lines = stack.lines("answer_broken_off").slice(before);
  expect(lines).toHaveLength(1);
  expect(lines[0]).toContain("route: '/v1/vehicles/{imei}/track'");
  expect(lines[0]).toMatch(/error: '.+'/);
  expect(lines[0]).not.toMatch(/postgres:\/\/|password|select /i);
  const away = await stack.fetch(TRACK);
  expect(away.status).toBe(503);
  expect(await away.json()).toMatchObject({ code: "database_unavailable" });

  await startAgain();
  const day = await stack.fetch(`${TRACK.replace("2026-02-01", "2026-01-02")}&format=csv`);
  expect((await day.text()).split("\r\n")).toHaveLength(FIXES_A_DAY + 2);
  await expect.poll(sessions, { timeout: 30_000 }).toEqual([]);
});

it("breaks a track off where the database hangs, which tells nobody", async () => {
  const reader = await download("csv");
  await reader.begin();
  expect(await restingPages()).toBeLessThan(PAGES);
  const before = stack.lines("answer_broken_off").length;
  await whileHung(sql, "dashboard_ro", async () => {
    await expect(reader.end()).rejects.toThrow();
  });
  expect(stack.lines("answer_broken_off").slice(before)).toEqual([
    expect.stringContaining("The database has said nothing for 35 s."),
  ]);
  await expect.poll(sessions, { timeout: 30_000 }).toEqual([]);
});

it("goes on where the database is started again between two pages", async () => {
  const reader = await download("csv");
  await reader.begin();
  expect(await restingPages()).toBeLessThan(PAGES);
  await kill();
  await startAgain();
  expect((await reader.end()).split("\r\n")).toHaveLength(FIXES + 2);
  await expect.poll(sessions, { timeout: 30_000 }).toEqual([]);
});

it("reads no further for a client that went away", async () => {
  const reader = await download("geojson");
  await reader.begin();
  reader.goAway();
  await expect.poll(sessions, { timeout: 30_000 }).toEqual([]);
  expect(await restingPages()).toBeLessThan(PAGES);
});
