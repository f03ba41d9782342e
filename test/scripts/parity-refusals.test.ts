import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { freePort } from "../../scripts/database/free-port.ts";
import { parityCommand } from "../../scripts/db-parity.ts";
import { callCommand } from "../setup/command.ts";
import { createDatabase, type OwnDatabase } from "../setup/database.ts";
import { createOldSchema, daysOf, fillAlike, ONE, SPAN } from "../setup/parity.ts";

let ours: OwnDatabase;
let theirs: OwnDatabase;
let empty: OwnDatabase;
beforeAll(async () => {
  [ours, theirs, empty] = await Promise.all([
    createDatabase("migrated"),
    createDatabase("empty"),
    createDatabase("empty"),
  ]);
  await createOldSchema(theirs);
  await fillAlike(ours, theirs);
});
afterAll(async () => {
  await Promise.all([ours, theirs, empty].map((database) => database[Symbol.asyncDispose]()));
});

const compare = (other: string, words: string[] = SPAN, url = ours.url) =>
  callCommand(parityCommand, ["--tolerance-km", "0.005", ...words], {
    ...{ DATABASE_URL: url, OTHER_DATABASE_URL: other },
  });

const days = (from: string, to: string) => ["--from", from, "--to", to];
const inMinutes = (minutes: number) => new Date(Date.now() + minutes * 60_000).toISOString();

describe("words it does not understand", () => {
  it.each<[string[], string]>([
    [days("yesterday", "2026-10-02"), '--from "yesterday" is no day'],
    [days("2026-02-30", "2026-10-02"), '--from "2026-02-30" is no day'],
    [days("2026-10-01", "2026-10-02T06:00"), '--to "2026-10-02T06:00" is no day'],
    [days("0001-01-01", "2026-10-02"), "between 2000 and 2100"],
    [days("2026-10-02", "2026-10-02"), "has to be before --to"],
    [days("2026-10-02T03:00+03:00", "2026-10-01T23:59Z"), "has to be before --to"],
    [days("2026-10-03", "2026-10-02"), "--from (2026-10-02T21:00:00.000000Z) has to be before"],
    [["--imei", "8.6E+14"], '--imei "8.6E+14" is an IMEI that a spreadsheet rounded'],
    [["--imei", ""], '--imei "" is no IMEI'],
    [["--imei", "860000000000009", ...SPAN], "Neither database has the device 860000000000009."],
    [["--tolerance-km", "1,5"], '--tolerance-km "1,5" is no number from 0 to 1000.'],
    [["--tolerance-km=-1"], '--tolerance-km "-1" is no number'],
    [["--tolerance-km", "1e3"], '--tolerance-km "1e3" is no number'],
    [["--most", "99999999"], '--most "99999999" is no number from 0 to 10000.'],
    [["--most", "1.5"], "--most is a whole number."],
    [["--sides"], "Unknown option '--sides'"],
  ])("refuses %j", async (words, message) => {
    const { stdout, stderr, code } = await compare(theirs.url, words);
    expect({ stdout, code }).toEqual({ stdout: "", code: 2 });
    expect(stderr).toContain(message);
    expect(stderr).not.toMatch(/\n\s+at /);
  });

  it.each([
    [["--other", "secret@nowhere"], "", "--other is no URL of a database"],
    [["--other", "https://example.com"], "", "--other is no URL of a database"],
    [["--other", ""], "", "--other is no URL of a database"],
    [["--other", "postgres://role:secret@localhost/fleet"], "", "set OTHER_DATABASE_URL to the URL instead"],
    [["--other", "postgres://role@localhost/fleet?password=secret"], "", "--other has a password"],
    [[], "//secret", "OTHER_DATABASE_URL is no URL of a database"],
    [[], "", "Set OTHER_DATABASE_URL to the other database, or name it with --other."],
  ])("refuses %j beside OTHER_DATABASE_URL=%s", async (words, other, message) => {
    const { stderr, code } = await callCommand(parityCommand, words, {
      ...{ DATABASE_URL: ours.url, OTHER_DATABASE_URL: other },
    });
    expect({ stderr, code }).toEqual({ stderr: expect.stringContaining(message), code: 2 });
    expect(stderr).not.toContain("secret");
  });

  it("goes to --other where both are named", async () => {
    const port = await freePort();
    const { stderr, code } = await compare(theirs.url, [
      "--other",
      `postgres://role@127.0.0.1:${port}/fleet`,
    ]);
    expect(code).toBe(2);
    expect(stderr).toMatch(/^The other database: .*ECONNREFUSED/);
  });

  it("takes no words, and wants a database", async () => {
    expect(await compare(theirs.url, ["trips"])).toMatchObject({ code: 2 });
    expect(await compare(theirs.url, SPAN, "")).toMatchObject({
      ...{ code: 2, stderr: expect.stringContaining("Set DATABASE_URL") },
    });
  });
});

describe("the running minute", () => {
  it("is not compared unless it is asked for", async () => {
    const early = days("2026-10-01", inMinutes(-9));
    const refused = await compare(theirs.url, early);
    expect(refused).toMatchObject({ code: 2, stdout: "" });
    expect(refused.stderr).toContain("is not 10 minutes ago");
    expect(await compare(theirs.url, [...early, "--live"])).toMatchObject({ code: 0 });
    expect(await compare(theirs.url, days("2026-10-01", inMinutes(-11)))).toMatchObject({ code: 0 });
  });

  it("is before the usual span, of the seven last whole days", async () => {
    const { stdout, code } = await compare(theirs.url, []);
    expect(stdout).toMatch(/\n7 days in Africa\/Nairobi, .* until \S+T21:00:00\.000000Z\.\n/);
    expect(code).toBe(stdout.includes("proves nothing") ? 2 : 0);
    const [, until = ""] = / until (\S+)\.\n/.exec(stdout) ?? [];
    const ageMs = Date.now() - Date.parse(until);
    expect(ageMs).toBeGreaterThanOrEqual(10 * 60_000);
    expect(ageMs).toBeLessThan(24.5 * 3_600_000);
  });
});

describe("databases it cannot compare", () => {
  it("are one, by whatever address", async () => {
    for (const url of [ours.url, ours.url.replace("127.0.0.1", "localhost")]) {
      const { stderr, code } = await compare(url);
      expect(code).toBe(2);
      expect(stderr).toMatch(/^DATABASE_URL and the other URL are of one database, own_\w+\.\n$/);
    }
  });

  it("are of another kind: what is missing is said", async () => {
    const { stderr, code } = await compare(empty.url);
    expect(code).toBe(2);
    expect(stderr).toBe(
      "The other database: there is no table tracksolid.devices; there is no table tracksolid.trips; " +
        "there is no table tracksolid.alarms; there is no table tracksolid.parking_events; there is no table tracksolid.position_history.\n",
    );
    expect((await compare(theirs.url, SPAN, empty.url)).stderr).toMatch(
      /^The database of DATABASE_URL: there is/,
    );
    const swapped = await compare(ours.url, SPAN, theirs.url);
    expect(swapped.stderr).toContain(
      'The database of DATABASE_URL: relation "tracksolid.fleet" does not exist',
    );
  });

  it("keep times as something else", async () => {
    const odd = await createDatabase("empty");
    await createOldSchema(odd);
    await odd.sql`alter table tracksolid.trips alter start_time type text`;
    await odd.sql`alter table tracksolid.alarms drop imei`;
    const { stderr } = await compare(odd.url);
    expect(stderr).toContain("tracksolid.trips.start_time is text, not timestamp with time zone or");
    expect(stderr).toContain("tracksolid.alarms has no column imei");
    await odd[Symbol.asyncDispose]();
  });

  it("do not answer", async () => {
    const nowhere = `postgres://postgres:secret@127.0.0.1:${await freePort()}/postgres`;
    const { stderr, code } = await compare(nowhere);
    expect(code).toBe(2);
    expect(stderr).toMatch(/^The other database: .*ECONNREFUSED/);
    expect(stderr).not.toContain("secret");
    expect((await compare(theirs.url, SPAN, nowhere)).stderr).toMatch(
      /^The database of DATABASE_URL: .*ECONNREF/,
    );
  });

  it("show their rows in part, or not at all", async () => {
    const role = `reader_${randomUUID().replaceAll("-", "")}`;
    await theirs.sql.unsafe(`create role ${role} login password 'own'`);
    const url = Object.assign(new URL(theirs.url), { username: role, password: "own" }).href;
    try {
      const unreadable = await compare(url);
      expect(unreadable.code).toBe(2);
      expect(unreadable.stderr).toContain("its role may not read tracksolid.trips: grant usage on schema");
      await theirs.sql.unsafe(`grant usage on schema tracksolid to ${role}`);
      await theirs.sql.unsafe(`grant select on all tables in schema tracksolid to ${role}`);
      expect((await compare(url)).code).toBe(0);
      await theirs.sql.unsafe(`revoke select on tracksolid.alarms from ${role}`);
      await theirs.sql.unsafe(`grant select (imei, alarm_time) on tracksolid.alarms to ${role}`);
      expect((await compare(url)).stderr).toContain("may not read tracksolid.alarms");
      await theirs.sql.unsafe(`grant select on tracksolid.alarms to ${role}`);
      await theirs.sql`alter table tracksolid.alarms enable row level security`;
      const hidden = await compare(url);
      expect(hidden).toMatchObject({ code: 2, stdout: "" });
      expect(hidden.stderr).toContain("row-level security");
    } finally {
      await theirs.sql`alter table tracksolid.alarms disable row level security`;
      await theirs.sql.unsafe(`drop owned by ${role}`);
      await theirs.sql.unsafe(`drop role ${role}`);
    }
  });
});

/** A database that takes its time over the list of devices. */
async function slowDatabase(seconds: number): Promise<OwnDatabase> {
  const slow = await createDatabase("empty");
  await createOldSchema(slow);
  await fillAlike(ours, slow);
  await slow.sql`alter table tracksolid.devices rename to listed`;
  await slow.sql.unsafe(`
    create view tracksolid.devices as select imei from tracksolid.listed where pg_sleep(${seconds}) is not null`);
  return slow;
}

it("waits for a slow database, whatever time its roles have", async () => {
  const slow = await slowDatabase(1.2);
  const hasty = (url: string) => `${url}?statement_timeout=1500&idle_in_transaction_session_timeout=1500`;
  expect(await compare(hasty(slow.url), SPAN, hasty(ours.url))).toMatchObject({ code: 0, stderr: "" });
  await slow[Symbol.asyncDispose]();
});

/** Ends the connections of others to a database that are in a transaction, and have been at it for a while. */
const cut = async ({ sql }: OwnDatabase, state: string) =>
  (
    await sql`
      select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and pid <> pg_backend_pid() and state = ${state}
        and xact_start is not null and state_change < now() - interval '300 ms'`
  ).count;

it("says so where a database goes away while it reads", async () => {
  const slow = await slowDatabase(60);
  const comparing = compare(slow.url);
  await expect.poll(() => cut(slow, "active")).toBe(1);
  const { stderr, code } = await comparing;
  expect(code).toBe(2);
  expect(stderr).toMatch(/^The other database: .*(terminating connection|CONNECTION_CLOSED)/);
  await slow[Symbol.asyncDispose]();
});

it("does not go on where a database went away while it waited", async () => {
  const slow = await slowDatabase(1);
  const comparing = compare(slow.url);
  await expect.poll(() => cut(ours, "idle in transaction")).toBe(1);
  const { stderr, code } = await comparing;
  expect(code).toBe(2);
  expect(stderr).toMatch(/^The database of DATABASE_URL: the connection was lost meanwhile/);
  await slow[Symbol.asyncDispose]();
});

it("runs beside itself, and changes nothing", async () => {
  const outcomes = await Promise.all([compare(theirs.url), compare(theirs.url), compare(theirs.url)]);
  expect(outcomes.map(({ code }) => code)).toEqual([0, 0, 0]);
  const standby = `${theirs.url}?default_transaction_read_only=on`;
  expect(await compare(standby)).toMatchObject({ code: 0 });
});

it("reads a week of a year along the index", async () => {
  const [year, copy] = await Promise.all([createDatabase("migrated"), createDatabase("migrated")]);
  for (const { sql } of [year, copy]) {
    await sql`insert into tracksolid.devices (imei, facts_at, created_at, changed_at) values (${ONE}, now(), now(), now())`;
    await sql`
      insert into tracksolid.position_history (imei, gps_time, lat, lng, source, sources, received_at)
      select (860000000000000 + n)::text, at, 1, 36, 'push', 2, at
      from generate_series(1, 20) n, generate_series(timestamptz '2025-10-01', '2026-10-01', interval '20 minutes') at`;
    await sql`vacuum analyze tracksolid.position_history`;
    await sql`select pg_stat_reset()`;
  }
  const { stdout, code } = await compare(copy.url, days("2026-09-01", "2026-09-08"), year.url);
  expect(code).toBe(0);
  expect(daysOf(stdout, "position_history")).toEqual([140, 140, 0, 0, 0]);
  for (const { sql } of [year, copy]) {
    const reads = async () => {
      const [row] = await sql<{ scanned: number; fetched: number }[]>`
        select sum(seq_tup_read)::int as scanned, sum(idx_tup_fetch)::int as fetched from pg_stat_all_tables
        where relname = 'position_history' or relname like '_hyper%'`;
      return row;
    };
    await expect.poll(async () => (await reads())?.fetched).toBeGreaterThanOrEqual(10_080);
    expect(await reads()).toEqual({ scanned: 0, fetched: expect.toSatisfy((rows) => rows < 11_000) });
  }
  await Promise.all([year[Symbol.asyncDispose](), copy[Symbol.asyncDispose]()]);
});
