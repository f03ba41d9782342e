import postgres from "postgres";
import { afterAll, beforeAll, expect, inject, it } from "vitest";
import { openLocalRoles } from "../../../scripts/database/roles.ts";
import { OLD_PATHS } from "../../../workers/api/old/names.ts";
import { callCommand, type Outcome } from "../../setup/command.ts";
import { startCuttableProxy } from "../../setup/cuttable-proxy.ts";
import { connect, type OwnDatabase } from "../../setup/database.ts";
import { makeEarlier } from "../../setup/earlier/schema.ts";
import { EarlierWriter } from "../../setup/earlier/writer.ts";
import { type Front, startFront } from "../../setup/front.ts";
import { PUSH_TOKEN, type Stack, startStack } from "../../setup/harness.ts";
import { askPast } from "../../setup/history.ts";
import { npmCommand } from "../../setup/npm-command.ts";
import { type OwnServer, startOwnServer } from "../../setup/own-server.ts";
import { drilling } from "../../setup/size.ts";
import { World } from "../../setup/world.ts";
import { connectAnalyst } from "../analyst/analyst.ts";
import { EARLIER_PUSHES, type EarlierDoors, openEarlierDoors } from "./earlier-doors.ts";
import { commandsIn } from "./page.ts";

const HOUR_S = 3_600;
const LIVE = "* * * * *";

/** Of pushes between one switch and the next. */
const PART_S = HOUR_S;

/** What was pushed is under way for so long at most. */
const PATIENCE_MS = 600_000;

/** Commands that change an account of Cloudflare. */
const OF_CLOUDFLARE = ["provision", "deploy:production"];

const PAGE = "https://fleetnow.example.com";
const HOSTS = {
  API_HOSTS: "api.example.com,old.example.com",
  PUSH_HOSTS: "push.example.com",
  MCP_HOSTS: "mcp.example.com",
};

/** Every old path but that of the jobs, whose ages have changed when it is asked twice. */
const WITHOUT_AGES = Object.keys(OLD_PATHS)
  .filter((name) => name !== "track")
  .flatMap((name) => ["--path", name]);

/** Known by its name alone, which ours has, too. */
const THEIR_FUEL = `
  create view reporting.v_fuel_daily as
    select date_trunc('day', start_time) as fuel_day, sum(distance_km) as km from tracksolid.trips group by 1;`;

let server: OwnServer;
let world: World;
let shared: OwnDatabase;
let alone: OwnDatabase;
let earlier: EarlierWriter;
let doors: EarlierDoors;
/** The three names that others know, and the API's own. */
let read: Front;
let mcp: Front;
let push: Front;
let api: Front;
let stack: Stack;

/** Commands of ours that were called. */
const called = new Set<string>();

/** Calls a command as `npm run` does. */
async function run(
  name: string,
  words: string[] = [],
  environment: Record<string, string> = {},
): Promise<Outcome> {
  called.add(name);
  return callCommand(await npmCommand(name), words, { DATABASE_URL: shared.url, ...environment });
}

/** The same, as a step that has to go well. */
async function step(...call: Parameters<typeof run>): Promise<string> {
  const { code, stdout, stderr } = await run(...call);
  expect([code, stderr], `npm run ${call[0]}: ${stdout}`).toEqual([0, ""]);
  return stdout;
}

const ask = async (name: string, words: string[] = [], environment: Record<string, string> = {}) =>
  run(name, ["--url", api.url, "--key", await stack.makeKey(["admin"]), ...words], environment);

const marked = ({ stdout }: Outcome) => stdout.split("\n").filter((line) => line.startsWith("!"));

/** A database of the server. */
async function oldDatabase(name: string): Promise<OwnDatabase> {
  await server.sql.unsafe(`create database ${name}`);
  const url = server.adminUrl(name);
  const sql = postgres(url, { max: 4, onnotice: () => {} });
  await makeEarlier(sql, { history: false, variant: THEIR_FUEL });
  return { url, sql, [Symbol.asyncDispose]: () => sql.end({ timeout: 1 }) };
}

const nowS = Math.floor(Date.now() / 1_000);
const [begin, middle, end] = [nowS - 10 * HOUR_S, nowS - 6 * HOUR_S, nowS - 2 * HOUR_S];

/** Where the newest part of the pushes began. */
let pushedS = nowS - 8 * PART_S;

/** The vendor pushes the next part to whom it was given the URL of. */
async function pushPart(to: "the earlier system" | "the Worker"): Promise<void> {
  const given =
    to === "the Worker"
      ? { url: push.url, token: PUSH_TOKEN, tokenIn: "path" as const, kinds: [...EARLIER_PUSHES, "pushhb"] }
      : { url: doors.pushes.url, kinds: EARLIER_PUSHES };
  const span = { fromS: pushedS, toS: pushedS + PART_S };
  const { total } = await world.push({ ...given, ...span, envelope: "E1", retrySpacingMs: 200 });
  expect(total).toMatchObject({ lost: 0 });
  expect(total.accepted).toBeGreaterThan(0);
  pushedS += PART_S;
}

type Fact = Record<string, unknown>;

/** Everything that the vendor pushed so far is in the database, whoever received it, and nothing of it twice. */
async function expectPushed(): Promise<void> {
  const truth = await world.pushTruth();
  const keysOf = (facts: Fact[], time: string) => facts.map((fact) => `${fact.imei} ${fact[time]}`).sort();
  const stored = async (table: string, time: string) =>
    (await shared.sql.unsafe(`select imei, ${time} as at from tracksolid.${table}`))
      .map(({ imei, at }) => `${imei} ${at.toISOString()}`)
      .sort();
  for (const [table, time, pushed] of [
    ["obd_readings", "reading_time", keysOf(truth.obd, "gateTime")],
    ["device_events", "event_time", keysOf(truth.events, "gateTime")],
    ["heartbeats", "gate_time", keysOf(truth.heartbeats, "gateTime")],
  ] as const) {
    await expect.poll(() => stored(table, time), { timeout: PATIENCE_MS }).toEqual(pushed);
  }
  // Polls bring fixes, too.
  const lost = async () => {
    const fixes = new Set(await stored("position_history", "gps_time"));
    return keysOf(truth.gps, "gpsTime").filter((key) => !fixes.has(key));
  };
  await expect.poll(lost, { timeout: PATIENCE_MS }).toEqual([]);
}

/** Both systems poll, and neither takes the token from the other. */
async function bothPoll(): Promise<void> {
  await earlier.live();
  expect(await stack.tick(LIVE)).toBe("ok");
  expect(earlier.session.lost).toBe(0);
}

/** Everything but what the newest polls brought is derived. */
async function derived(): Promise<void> {
  const left = async () => {
    await stack.tick(LIVE);
    return shared.sql`select from private.dirty_days where changed_from < now() - interval '10 minutes'`;
  };
  await expect.poll(left, { timeout: 1_200_000, interval: 1_000 }).toEqual([]);
}

/** Vehicles that one of the four pages shows, which knows nothing of any switch. */
async function onThePage(key?: string): Promise<number> {
  const response = await fetch(`${read.url}/webhook/fleet-dashboard`, {
    method: "POST",
    headers: {
      origin: PAGE,
      "content-type": "application/x-www-form-urlencoded",
      ...(key !== undefined && { authorization: `Bearer ${key}` }),
    },
    body: "city=",
  });
  expect(response.status).toBe(200);
  const { features } = (await response.json()) as { features: { geometry: object | null }[] };
  return features.filter(({ geometry }) => geometry).length;
}

/** Who answers analysts' clients. */
async function behindMcp(): Promise<string> {
  const response = await fetch(`${mcp.url}/mcp`, { method: "POST", body: "{}" });
  return response.status === 401 ? "the Worker" : ((await response.json()) as { served: string }).served;
}

const deploy = (vars: Record<string, string>) =>
  startStack({
    ...{ world, database: shared },
    vars: { ...HOSTS, OPEN_READS: "", CORS_ORIGINS: PAGE, OLD_PATHS_ACCESS: "origin", ...vars },
  });

beforeAll(async () => {
  server = await startOwnServer();
  world = await World.make(inject("simulatorUrl"), { vehicles: 150, seed: 67 });
  [shared, alone] = [await oldDatabase("fleet"), await oldDatabase("only_theirs")];
  earlier = new EarlierWriter(world, [shared.sql, alone.sql]);
  doors = await openEarlierDoors(shared.sql, alone.sql);
  read = await startFront("old.example.com", () => doors.api.url);
  mcp = await startFront("mcp.example.com", () => doors.analysts.url);
  push = await startFront("push.example.com", () => stack.url);
  api = await startFront("api.example.com", () => stack.url);
  await earlier.devices();
  await earlier.past(begin, middle);
  await earlier.live();
  await pushPart("the earlier system");
}, 1_800_000);
afterAll(async () => {
  for (const one of [stack, read, mcp, push, api, doors, shared, alone, server])
    await one?.[Symbol.asyncDispose]();
});

// Minutes of computing, most of which other tests do piece by piece.
it.runIf(drilling)(
  "leaves the earlier system as docs/cutover.md says, step by step, and loses nothing",
  {
    timeout: 3_600_000,
  },
  async () => {
    const before = await onThePage();
    expect(before).toBeGreaterThan(100);

    // 1
    expect(await step("db:adopt")).toContain("Nothing was changed.");
    // 2
    const urls = await step("db:roles", ["--rotate", "ingest_app,dashboard_ro,analytics_ro", "--apply"]);
    const given = /postgres:\/\/dashboard_ro:\S+/.exec(urls)?.[0] ?? "";
    await using reader = connect(given);
    expect(await reader`select 1 as one`).toEqual([{ one: 1 }]);
    await step("db:roles", ["--rotate", "dashboard_ro", "--apply"]);
    await using refused = connect(given);
    await expect(refused`select 1`).rejects.toMatchObject({ code: "28P01" });
    // 3
    await using port = await startCuttableProxy(Number(new URL(shared.url).port));
    const outside = new URL(shared.url);
    outside.port = String(port.port);
    await step("db:budget", [], { DATABASE_URL: outside.href });
    await port.cut();
    expect(await run("db:budget", [], { DATABASE_URL: outside.href })).toMatchObject({ code: 1 });
    await step("db:budget");

    // 5
    expect(await step("db:adopt", ["--apply"])).toContain("Adopted.");
    await earlier.live();
    // 6
    await step("db:roles", ["--apply"]);
    await step("db:budget");
    // The Worker's local bindings open a connection for every request, with a password of their own.
    await openLocalRoles(shared.sql);
    // 7
    stack = await deploy({ SHARE_TOKEN: "on" });
    expect(await stack.tick("7 * * * *")).toBe("ok");
    await bothPoll();
    await Promise.all([
      earlier.past(middle, end),
      askPast(stack, "alarms", "trips", "parking", "tracks"),
      earlier.live(),
    ]);
    await earlier.past(begin, end);
    await derived();
    // No night has passed, nobody makes backups of it, and some alarms of the simulator have a code that no list has.
    const isExpected = (line: string) => /old paths open| never |no fresh backup|jimi:4711/.test(line);
    expect(marked(await ask("status")).filter((line) => !isExpected(line))).toEqual([]);
    expect((await world.tokens()).issued).toBeLessThan(4);
    // 8
    const span = [begin, end - HOUR_S].map((atS) => new Date(atS * 1_000).toISOString());
    expect(
      await step("db:parity", ["--from", span[0] ?? "", "--to", span[1] ?? ""], {
        OTHER_DATABASE_URL: alone.url,
      }),
    ).toContain("The databases are equal.");
    await step("db:check");
    // 9
    const compared = await run("compat", [
      "--old",
      doors.api.url,
      "--new",
      api.url,
      "--origin",
      PAGE,
      "--path",
      "live",
      "--path",
      "fleet-dashboard",
    ]);
    expect(compared.stdout).toContain("only in new");
    // What the type of its answers was nobody knows. This system's map has vehicles without a position, too.
    expect(compared.stdout.replaceAll(/.*contentType.*/g, "")).not.toMatch(/missing in new|'type'|'value'/);

    // 10: there, back, and there again
    const token = { PUSH_TOKEN };
    await pushPart("the earlier system");
    expect(await ask("push:check", ["--push-url", push.url], token)).toMatchObject({ code: 0, stderr: "" });
    for (const back of [true, false]) {
      const since = new Date(pushedS * 1_000).toISOString();
      await pushPart("the Worker");
      await expectPushed();
      const checked = await ask("push:check", ["--push-url", push.url, "--since", since], token);
      expect([marked(checked), checked.code], checked.stdout).toEqual([[], 0]);
      if (back) await pushPart("the earlier system");
      await expectPushed();
      await bothPoll();
    }

    // 11
    for (const back of [true, false]) {
      read.lead(() => stack.url);
      expect(await onThePage()).toBeGreaterThanOrEqual(before);
      await step("compat", ["--old", api.url, "--new", read.url, "--origin", PAGE, ...WITHOUT_AGES]);
      if (!back) break;
      read.lead(() => doors.api.url);
      expect(await onThePage()).toBeGreaterThanOrEqual(before);
      await bothPoll();
    }
    await pushPart("the Worker");

    // 12
    for (const back of [true, false]) {
      expect(await behindMcp()).toBe("by the earlier system");
      mcp.lead(() => stack.url);
      expect(await behindMcp()).toBe("the Worker");
      await using analyst = await connectAnalyst({ ...stack, url: mcp.url });
      const { body } = await analyst.query("select count(*)::int as vehicles from tracksolid.devices");
      expect(body.rows[0]).toMatchObject({ vehicles: 150 });
      if (back) mcp.lead(() => doors.analysts.url);
    }
    await pushPart("the Worker");
    await expectPushed();

    // 13
    await doors[Symbol.asyncDispose]();
    // 14
    await step("db:cut-over", ["--apply"]);
    await step("db:cut-over", ["--back", "--apply"]);
    await step("db:cut-over", ["--apply"]);
    expect(await onThePage()).toBeGreaterThanOrEqual(before);
    await derived();
    await step("db:check");
    // 15
    const { issued } = await world.tokens();
    await stack[Symbol.asyncDispose]();
    stack = await deploy({ SHARE_TOKEN: "off", OLD_PATHS_ACCESS: "key" });
    expect(await stack.tick(LIVE)).toBe("ok");
    expect((await world.tokens()).issued).toBe(issued + 1);
    await pushPart("the Worker");
    await expectPushed();
    // 16
    const refusal = await fetch(`${read.url}/live`, { headers: { origin: PAGE } });
    expect(refusal.status).toBe(401);
    expect(await onThePage(await stack.makeKey(["read"]))).toBeGreaterThanOrEqual(before);
    expect((await ask("status")).stdout).not.toContain("old paths open");
    // 17
    const left = await shared.sql<{ words: string }[]>`
    select case relkind when 'm' then 'materialized view ' else 'view ' end || oid::regclass as words
    from pg_class where relkind in ('v', 'm') and relname like '%\\_before'`;
    expect(left.map(({ words }) => words)).toContain("materialized view reporting.v_trips_before");
    for (const { words } of left) await shared.sql.unsafe(`drop ${words}`);
    await shared.sql`delete from tracksolid.api_token_cache`;
    expect(await stack.tick(LIVE)).toBe("ok");
    await derived();
    await step("db:check");

    const said = new Set((await commandsIn("docs/cutover.md")).map(({ name }) => name));
    expect([...called].sort()).toEqual([...said].filter((name) => !OF_CLOUDFLARE.includes(name)).sort());
  },
);
