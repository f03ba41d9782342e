import postgres from "postgres";
import { afterAll, beforeAll, expect, it } from "vitest";
import { unstable_readConfig } from "wrangler";
import { budgetCommand } from "../../scripts/db-budget.ts";
import { checkCommand } from "../../scripts/db-check.ts";
import { rolesCommand } from "../../scripts/db-roles.ts";
import { budgetOf, type ServerLoad } from "../../scripts/roles/budget.ts";
import { databases } from "../../scripts/roles/databases.ts";
import { describePool, LEAST_ORIGIN_CONNECTIONS, pools } from "../../scripts/roles/pools.ts";
import { callCommand } from "../setup/command.ts";
import { type OwnServer, startOwnServer } from "../setup/own-server.ts";

let server: OwnServer;

beforeAll(async () => {
  server = await startOwnServer();
  await server.sql`create database fleet`;
});
afterAll(() => server[Symbol.asyncDispose]());

const run = (database = "fleet") =>
  callCommand(budgetCommand, [], { DATABASE_URL: server.adminUrl(database) });

/** Cells of the row of a role, without quotes. */
const row = (stdout: string, role: string): string[] | undefined =>
  stdout
    .split("\n")
    .map((line) => line.split("│").map((cell) => cell.trim().replaceAll("'", "")))
    .find((cells) => cells[2] === role)
    ?.slice(3, 8);

it("has a pool for every Hyperdrive binding of the environments that are deployed, and no other", () => {
  const bound = new Map<string, string[]>();
  for (const environment of ["production", "staging"]) {
    const config = unstable_readConfig({ config: "wrangler.toml", env: environment });
    const { hyperdrive } = config as unknown as { hyperdrive: { binding: string; id: string }[] };
    // Environments with the same id share its connections.
    for (const { binding, id } of hyperdrive) {
      // What only reads has its reader twice.
      if (binding === "DB_INGEST" && hyperdrive.some((one) => one.id === id && one.binding === "DB_READ"))
        continue;
      const pool = `${binding} ${id}`;
      bound.set(pool, [...(bound.get(pool) ?? []), environment]);
    }
  }
  const configured = [...bound].map(
    ([pool, environments]) => `${pool.split(" ")[0]} of ${environments.join(" and ")}`,
  );
  expect(pools.map(describePool).sort()).toEqual(configured.sort());
});

it("keeps its own rules, for ourselves on a server of 100", () => {
  const sibling = { name: "fleet_platform", connectionLimit: -1, admitted: [] };
  const own = { maxConnections: 100, reserved: 3, live: 1, roles: [], databases: [sibling] };
  const { sum, available, problems } = budgetOf(own, databases, pools);
  expect({ sum, available, problems }).toEqual({ sum: 71, available: 87, problems: [] });
});

it("counts our roles before they are there, and as the server has them afterwards", async () => {
  const before = await run();
  expect(before).toMatchObject({ code: 0, stderr: "" });
  expect(row(before.stdout, "ingest_app")).toEqual(["tracksolid", "18", "not there", "0", "18"]);
  expect(row(before.stdout, "gateway_app")).toBeUndefined();

  await callCommand(rolesCommand, ["--apply"], { DATABASE_URL: server.adminUrl("fleet") });
  await server.sql`alter role ingest_app connection limit 20`;
  await server.sql`alter role backup_ro connection limit -1`;
  const after = await run();
  expect(after).toMatchObject({ code: 0, stderr: "" });
  expect(row(after.stdout, "ingest_app")).toEqual(["tracksolid", "18", "20", "0", "20"]);
  expect(after.stdout).toContain(
    "ingest_app has a limit of 20 in the server and 18 by definition: run npm run db:roles.",
  );
  expect(row(after.stdout, "backup_ro")).toEqual(["tracksolid", "3", "none", "0", "3"]);
  expect(after.stdout).toContain("Nothing bounds backup_ro, postgres:");
  await callCommand(rolesCommand, ["--apply"], { DATABASE_URL: server.adminUrl("fleet") });
});

it("counts the sibling's roles once its database, or one of them, is there", async () => {
  const sum = async () => Number(/^(\d+) of \d+ /m.exec((await run()).stdout)?.[1]);
  const before = await sum();
  await server.sql`create role gateway_app login connection limit 15`;
  expect(await sum()).toBe(before + 20);
  await server.sql`drop role gateway_app`;
  expect(await sum()).toBe(before);
  await server.sql`create database fleet_platform`;
  expect(await sum()).toBe(before + 20);
  await server.sql`create role fleet_platform_owner login connection limit 5`;
  expect(await sum()).toBe(before + 25);
  await server.sql`drop role fleet_platform_owner`;
  await server.sql`drop database fleet_platform`;
});

it("counts roles of others by their limit, and by their connections where they have none", async () => {
  await server.sql`create role old_writer login connection limit 2`;
  await server.sql`create role owns_something login`;
  await server.sql`create schema its_own authorization owns_something`;
  await server.sql`create role mighty login superuser connection limit 3 password 'throw-away'`;
  const url = new URL(server.adminUrl());
  [url.username, url.password] = ["mighty", "throw-away"];
  const clients = [1, 2, 3, 4].map(() => postgres(url.href, { max: 1 }));
  for (const client of clients) await client`select 1`;
  const { stdout } = await run();
  for (const client of clients) await client.end();
  expect(row(stdout, "old_writer")).toEqual(["others", "", "2", "0", "2"]);
  expect(row(stdout, "owns_something")).toEqual(["others", "", "none", "0", "1"]);
  // Its limit holds for no superuser.
  expect(row(stdout, "mighty")).toEqual(["others", "", "none", "4", "4"]);
  await server.sql`drop schema its_own`;
  await server.sql`drop role old_writer, owns_something, mighty`;
});

it("fails where the limits add up to more than there is, and says by how much and what to lower", async () => {
  await server.sql`create role greedy login connection limit 60`;
  const { code, stderr, stdout } = await run();
  const sum = Number(/^(\d+) of 87 /m.exec(stdout)?.[1]);
  expect(sum).toBeGreaterThan(87);
  expect({ code, stderr }).toEqual({
    code: 1,
    stderr: `The limits add up to ${sum}, ${sum - 87} more than 87: lower the limits of those that are not ours first: greedy (60), postgres (${sum - 111}); or raise max_connections by ${sum - 87}.\n`,
  });
  await server.sql`drop role greedy`;
});

it("fails where a pool is too large for its role, or too small for Hyperdrive", async () => {
  await callCommand(rolesCommand, ["--apply"], { DATABASE_URL: server.adminUrl("fleet") });
  await server.sql`alter role dashboard_ro connection limit 11`;
  expect(await run()).toMatchObject({
    code: 1,
    stderr:
      "The pools of dashboard_ro may open 10 connections (DB_READ of production 5, DB_READ of staging 5), 1 more than 9, 2 below its limit: lower them, or raise the limit.\n",
  });
  await server.sql`alter role dashboard_ro connection limit 12`;
  expect(await run()).toMatchObject({ code: 0, stderr: "" });

  const load: ServerLoad = { maxConnections: 100, reserved: 3, live: 1, roles: [], databases: [] };
  const small = pools.map((pool) => ({ ...pool, originConnectionLimit: LEAST_ORIGIN_CONNECTIONS - 1 }));
  expect(budgetOf(load, databases, small).problems).toHaveLength(pools.length);
  const strange = [
    ...pools,
    { environments: ["staging"], binding: "DB_X", role: "nobody", originConnectionLimit: 5 },
  ];
  expect(budgetOf(load, databases, strange).problems).toEqual([
    "nobody has pools and is no role that is defined: mend scripts/roles/pools.ts.",
  ]);
});

it("fails where a database lets in fewer than its roles may have", async () => {
  await callCommand(rolesCommand, ["--apply"], { DATABASE_URL: server.adminUrl("fleet") });
  await server.sql`alter database fleet connection limit 51`;
  expect(await run()).toMatchObject({ code: 0, stderr: "" });
  await server.sql`alter database fleet connection limit 40`;
  expect(await run()).toMatchObject({
    code: 1,
    stderr:
      'The database fleet lets in 40 connections, 11 fewer than tracksolid_owner, ingest_app, dashboard_ro, analytics_ro, backup_ro may have together: alter database "fleet" connection limit -1.\n',
  });
  await server.sql`alter database fleet connection limit -1`;
});

it("fails where more clients are connected than should be, and has a sentence for a server that is full", async () => {
  await using small = await startOwnServer(20);
  await small.sql`create role crowd login password 'throw-away'`;
  const url = new URL(small.adminUrl());
  [url.username, url.password] = ["crowd", "throw-away"];
  const clients = Array.from({ length: 17 }, () => postgres(url.href, { max: 1 }));
  try {
    for (const client of clients.slice(0, 8)) await client`select 1`;
    const busy = await callCommand(budgetCommand, [], { DATABASE_URL: small.adminUrl() });
    expect(busy.code).toBe(1);
    expect(busy.stderr).toMatch(
      /clients are connected now, \d+ more than 7: end some, or raise max_connections\.\n/,
    );
    for (const client of clients.slice(8)) await client`select 1`.catch(() => {});
    const full = { DATABASE_URL: url.href };
    for (const command of [budgetCommand, rolesCommand, checkCommand]) {
      const { code, stderr } = await callCommand(command, [], full);
      expect(code).toBe(command === checkCommand ? 2 : 1);
      expect(stderr).toMatch(
        /^The server has no connection left \(.*superuser.*\)\. End a client, or connect as a superuser/i,
      );
    }
    // The reserved ones let an administrator in.
    expect((await callCommand(budgetCommand, [], { DATABASE_URL: small.adminUrl() })).stdout).toContain(
      "crowd",
    );
  } finally {
    for (const client of clients) await client.end({ timeout: 1 });
  }
});
