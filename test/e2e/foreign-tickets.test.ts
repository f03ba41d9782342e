import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { mapTicketsCommand } from "../../scripts/db-map-tickets.ts";
import { applyAgain } from "../migrations/apply.ts";
import { callCommand } from "../setup/command.ts";
import type { OwnDatabase } from "../setup/database.ts";
import { databaseWith } from "../setup/foreign-tickets.ts";
import { type Stack, startStack } from "../setup/harness.ts";

let stack: Stack;
let database: OwnDatabase;
let key: string;
let folder: string;

beforeAll(async () => {
  database = await databaseWith("");
  stack = await startStack({ database });
  key = await stack.makeKey(["read", "tickets:write"]);
  folder = await mkdtemp(join(tmpdir(), "tracksolid-places-"));
});
afterAll(async () => {
  await stack?.[Symbol.asyncDispose]();
  await database?.[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

const put = async () => {
  const response = await stack.fetch("/v1/tickets/incidents/INC-1", {
    method: "PUT",
    headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
    body: JSON.stringify({ updatedAt: "2026-10-06T06:00:00Z", openedAt: "2026-10-06T06:00:00Z" }),
  });
  return [response.status, await response.text()] as const;
};

const migrateAgain = async () => {
  await stack.sql`
    drop index if exists
      tracksolid.geofence_visits_entered_idx, tickets.incidents_open_idx, tickets.change_requests_open_idx`;
  await applyAgain(stack.sql, 37);
};

it("writes tickets into tables of its own as soon as it may, and never into another's", async () => {
  const { sql } = stack;
  // As the schema was before the API wrote any.
  expect(await put()).toEqual([409, expect.stringContaining("grant usage on schema tickets to ingest_app")]);
  await migrateAgain();
  expect(await put()).toEqual([200, expect.stringContaining('"written":1')]);
  // There it changes, adds and reads, and that is all.
  const [may] = await sql`
    select has_table_privilege('ingest_app', 'tickets.incidents', 'delete') as deletes,
      has_schema_privilege('ingest_app', 'tickets', 'create') as creates`;
  expect(may).toEqual({ deletes: false, creates: false });

  // Tickets that are read from elsewhere: what is put here nobody would see.
  await sql.unsafe(`
    create schema desk;
    create table desk.jobs (job_no text, created timestamptz, closed timestamptz, y float8, x float8);
    insert into desk.jobs values ('J-1', now() - interval '1 hour', null, -1.3, 36.8), ('J-2', null, null, null, null),
      ('J-3', 'infinity', '-infinity', 1, 1), ('J-4', '1900-01-01', null, 1, 1);
    grant usage on schema desk to tracksolid_owner;
    grant select on desk.jobs to tracksolid_owner;`);
  const mapping = join(folder, "mapping.json");
  const columns = { number: "job_no", opened_at: "created", resolved_at: "closed", lat: "y", lng: "x" };
  const source = { kind: "INC", table: { schema: "desk", name: "jobs" }, columns };
  await writeFile(mapping, JSON.stringify({ tickets: [source] }));
  expect(
    await callCommand(mapTicketsCommand, [mapping, "--apply"], { DATABASE_URL: database.url }),
  ).toMatchObject({ code: 0 });
  expect(await put()).toEqual([409, expect.stringContaining("belongs_elsewhere")]);
  const get = async (path: string) => (await stack.fetch(path)).json() as Promise<Record<string, unknown>>;
  expect(await get("/v1/tickets/incidents")).toMatchObject({ tickets: [{ number: "J-1" }], next: null });
  // One that has no time, or one that is none, is found by its number.
  expect(await get("/v1/tickets/incidents/J-2")).toMatchObject({ openedAt: null, visit: null });
  expect(await get("/v1/tickets/incidents/J-3")).toMatchObject({ openedAt: null, visit: null });
  const all = await get("/v1/tickets/incidents?state=open&limit=1");
  expect(await get(`/v1/tickets/incidents?state=open&after=${all.next}`)).toMatchObject({
    tickets: [{ number: "J-4", visit: null }],
  });

  // And where somebody else has the table.
  await sql`alter table tickets.incidents owner to postgres`;
  await sql`revoke all on tickets.incidents from ingest_app`;
  await migrateAgain();
  expect(await put()).toEqual([409, expect.stringContaining("another system")]);
  const [granted] =
    await sql`select has_table_privilege('ingest_app', 'tickets.incidents', 'select') as reads`;
  expect(granted).toEqual({ reads: false });
});
