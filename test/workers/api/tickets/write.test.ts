import { beforeAll, describe, expect, it, vi } from "vitest";
import { database } from "../../../setup/worker-database.ts";
import { ask, expectProblem, makeKey, reader } from "../caller.ts";
import { askConfigured } from "../configured.ts";
import { expectDocumented } from "../document.ts";
import { addVehicle, imeis, unique } from "../fleet.ts";

type Ask = Awaited<ReturnType<typeof reader>>;

const PATH = "/v1/tickets/incidents";
const [known = "", stranger = ""] = imeis(2);
const OPENED = "2026-10-06T06:00:00Z";
const at = (hour: number) => `2026-10-06T${String(hour).padStart(2, "0")}:00:00Z`;

let read: Ask;
let write: Ask;

const body = (value: unknown): RequestInit => ({
  method: "PUT",
  headers: { "content-type": "application/json" },
  body: JSON.stringify(value),
});

const putOne = (number: string, ticket: object, path = PATH) =>
  write(`${path}/${encodeURIComponent(number)}`, body(ticket));
const putMany = (tickets: object[], path = PATH) => write(path, body({ tickets }));

const done = async (response: Response, path = `${PATH}/{number}`) =>
  expectDocumented<{ written: number; unchanged: number; older: number; unknownImeis: string[] }>(
    path,
    response,
    "put",
  );

const ticketOf = async (number: string, path = PATH) =>
  (await read(`${path}/${encodeURIComponent(number)}`)).json() as Promise<Record<string, unknown>>;

beforeAll(async () => {
  read = await reader();
  const key = await makeKey({ scopes: ["tickets:write"] });
  write = (path, init = {}) =>
    ask(path, { ...init, headers: { ...init.headers, authorization: `Bearer ${key}` } });
  await addVehicle(known, {});
});

describe("PUT of tickets, happy", () => {
  it("adds one with all it has, and writes nothing the second time", async () => {
    const number = unique("INC /");
    const ticket = {
      ...{
        updatedAt: at(7),
        openedAt: "2026-10-06T09:00:00+03:00",
        state: "New",
        priority: "P1",
        area: " CBD ",
      },
      ...{ lat: -1.3, lng: 36.8, dueAt: at(12), resolvedAt: null, driver: "Juma", imei: known },
    };
    expect(await done(await putOne(number, ticket))).toEqual({
      ...{ written: 1, unchanged: 0, older: 0, unknownImeis: [] },
    });
    expect(await ticketOf(number)).toMatchObject({
      ...{ number, isOpen: true, openedAt: OPENED, state: "New", priority: "P1", area: "CBD" },
      ...{ lat: -1.3, lng: 36.8, dueAt: at(12), resolvedAt: null, driver: "Juma", imei: known },
    });
    const sql = database();
    const row = () => sql`select xmin::text, raw from tickets.incidents where number = ${number}`;
    const before = await row();
    expect(before[0]?.raw).toMatchObject({ number, area: " CBD ", driver: "Juma" });
    expect(await done(await putOne(number, ticket))).toMatchObject({ written: 0, unchanged: 1 });
    expect(await done(await putMany([{ ...ticket, number }]), PATH)).toMatchObject({
      ...{ written: 0, unchanged: 1 },
    });
    expect(await row()).toEqual(before);
  });

  it("leaves what is left out, clears what is null, and takes nothing older", async () => {
    const number = unique("INC");
    await putOne(number, { updatedAt: at(7), openedAt: OPENED, state: "New", area: "CBD", imei: known });
    const resolved = { updatedAt: at(9), state: "Resolved", resolvedAt: at(9) };
    expect(await done(await putOne(number, resolved))).toMatchObject({ written: 1 });
    expect(await ticketOf(number)).toMatchObject({
      isOpen: false,
      area: "CBD",
      resolvedAt: at(9),
      imei: known,
    });
    const late = { updatedAt: at(8), state: "Assigned", resolvedAt: null };
    expect(await done(await putOne(number, late))).toMatchObject({ written: 0, unchanged: 0, older: 1 });
    expect(await ticketOf(number)).toMatchObject({ state: "Resolved" });
    const again = { updatedAt: at(10), state: "Reopened", resolvedAt: null, area: "", imei: null };
    expect(await done(await putOne(number, again))).toMatchObject({ written: 1 });
    expect(await ticketOf(number)).toMatchObject({ isOpen: true, resolvedAt: null, area: null, imei: null });
  });

  it("takes many, the newest of each, and names vehicles that nobody has heard of", async () => {
    const [a, b] = [unique("CRQ"), unique("CRQ")];
    const path = "/v1/tickets/change-requests";
    const tickets = [
      { number: a, updatedAt: at(9), openedAt: OPENED, state: "Done", imei: stranger },
      { number: a, updatedAt: at(7), openedAt: OPENED, state: "New" },
      { number: b, updatedAt: at(7), openedAt: OPENED, imei: known },
    ];
    expect(await done(await putMany(tickets, path), path)).toEqual({
      ...{ written: 2, unchanged: 0, older: 0, unknownImeis: [stranger] },
    });
    expect(await ticketOf(a, path)).toMatchObject({ state: "Done", imei: stranger });
    await expectProblem(await read(`${PATH}/${a}`), "not_found");
  });

  it("takes 500 at once, and any number of callers with the same", async () => {
    const prefix = unique("INC");
    const tickets = Array.from({ length: 500 }, (_, n) => {
      return { number: `${prefix}-${n}`, updatedAt: at(7), openedAt: OPENED, area: "x".repeat(500) };
    });
    const answers = await Promise.all([1, 2, 3].map(async () => done(await putMany(tickets), PATH)));
    expect(answers.map(({ written }) => written).sort()).toEqual([0, 0, 500]);
    expect(answers.map(({ unchanged }) => unchanged).sort((x, y) => x - y)).toEqual([0, 500, 500]);
    await expectProblem(await putMany([...tickets, ...tickets.slice(0, 1)]), "invalid_request");
  });
});

describe("PUT of tickets, error", () => {
  it("takes none of them if one is wrong, and says which and why", async () => {
    const good = unique("INC");
    const fine = { updatedAt: at(7), openedAt: OPENED };
    const rows: [object, string][] = [
      [{ number: good, ...fine }, ""],
      [{ number: " ", ...fine }, "tickets.1: number is empty"],
      [{ number: "B2", ...fine, lat: 91, lng: 0 }, 'tickets.2: lat "91" is not between -90 and 90'],
      [{ number: "B3", ...fine, imei: "1" }, "tickets.3: imei is no IMEI of 14 to 17 digits"],
      [{ number: "B4", ...fine, openedAt: "2099-01-01T00:00:00Z" }, "tickets.4: openedAt"],
      [{ number: "B5", ...fine, dueAt: "1999-01-01T00:00:00Z" }, "is not between 2000 and 2100"],
      [{ number: "B6", ...fine, state: "a\0" }, "tickets.6: holds a NUL, or half a character"],
      [{ number: "B7", ...fine, area: "\ud800" }, "tickets.7: holds a NUL, or half a character"],
      [{ number: good, ...fine, state: "x" }, "tickets.8: says other than tickets.0 of the same number"],
      [{ number: "B9", ...fine, area: "x".repeat(501) }, "tickets.9: area has more than 500 characters"],
    ];
    const detail = await expectProblem(await putMany(rows.map(([row]) => row)), "invalid_request");
    for (const [, reason] of rows) expect(detail).toContain(reason);
    expect(detail).not.toContain("tickets.0: ");
    await expectProblem(await read(`${PATH}/${good}`), "not_found");
  });

  it.each<[string, object, string]>([
    ["new ones without openedAt", { openedAt: undefined }, "tickets.1: is new and has no openedAt"],
    [
      "resolved before they were opened",
      { resolvedAt: at(5) },
      "tickets.1: was resolved before it was opened",
    ],
    ["half a place", { lat: 1 }, "tickets.1: has one of lat and lng without the other"],
    ["the navel of the earth", { lat: 0, lng: 0 }, "tickets.1: is at 0, 0"],
  ])("refuses %s, against what is known", async (_, wrong, reason) => {
    const [good, bad] = [unique("INC"), unique("INC")];
    const rows = [
      { number: good, updatedAt: at(7), openedAt: OPENED },
      { number: bad, updatedAt: at(7), openedAt: OPENED, ...wrong },
    ];
    expect(await expectProblem(await putMany(rows), "invalid_request")).toContain(reason);
    const alone = await expectProblem(
      await putOne(bad, { ...rows[1], number: undefined }),
      "invalid_request",
    );
    expect(alone).toBe(
      (await expectProblem(await putMany(rows.slice(1)), "invalid_request")).replace("tickets.0: ", ""),
    );
    await expectProblem(await read(`${PATH}/${good}`), "not_found");
  });

  it.each<[string, unknown, string]>([
    ["no body", undefined, ""],
    ["a list", [], ""],
    ["no tickets", { tickets: [] }, "tickets"],
    ["no number", { tickets: [{ updatedAt: OPENED }] }, "tickets.0.number"],
    ["no updatedAt", { tickets: [{ number: "x" }] }, "tickets.0.updatedAt"],
    ["a local time", { tickets: [{ number: "x", updatedAt: "2026-10-06T06:00:00" }] }, "tickets.0.updatedAt"],
    ["text for a number", { tickets: [{ number: "x", updatedAt: OPENED, lat: "1" }] }, "tickets.0.lat"],
    ["what is misspelt", { tickets: [{ number: "x", updatedAt: OPENED, opened_at: OPENED }] }, "opened_at"],
    ["more than its tickets", { tickets: [{ number: "x", updatedAt: OPENED }], all: true }, "all"],
  ])("refuses %s", async (_, value, detail) => {
    const response = await write(PATH, body(value));
    expect(await expectProblem(response, "invalid_request")).toContain(detail);
  });

  it("refuses what is too much, or no JSON", async () => {
    const large = { tickets: [{ number: "x", updatedAt: OPENED, area: "x".repeat(1_000_000) }] };
    await expectProblem(await write(PATH, body(large)), "body_too_large");
    await expectProblem(await write(PATH, { method: "PUT", body: "{}" }), "invalid_request");
    await expectProblem(await write(`${PATH}/x`, { ...body({}), body: "{" }), "invalid_request");
    await expectProblem(await putOne("x", { updatedAt: OPENED, number: "y" }), "invalid_request");
    await expectProblem(await putOne("x".repeat(501), { updatedAt: OPENED }), "invalid_request");
    await expectProblem(await putOne("a\0", { updatedAt: OPENED, openedAt: OPENED }), "invalid_request");
    await expectProblem(await putOne(" ", { updatedAt: OPENED, openedAt: OPENED }), "invalid_request");
  });

  it("says so when the database is away", async () => {
    vi.spyOn(console, "error").mockImplementation(() => {});
    const DB_INGEST = { connectionString: "postgres://x:x@127.0.0.1:1/x" };
    const authorization = `Bearer ${await makeKey({ scopes: ["tickets:write"] })}`;
    const init = body({ updatedAt: OPENED, openedAt: OPENED });
    const headers = { ...init.headers, authorization };
    const response = await askConfigured({ DB_INGEST }, `${PATH}/x`, { ...init, headers });
    await expectProblem(response, "database_unavailable");
    vi.restoreAllMocks();
  });
});

describe("PUT of tickets, security", () => {
  it.each([
    "'; delete from tickets.incidents; --",
    "') or true --",
    '"]',
    "$2",
    "\\",
    "{}",
    "🚚",
    "../x",
    "%2e",
  ])("takes %j for a text", async (attack) => {
    const number = unique(attack);
    const texts = { state: attack, priority: attack, area: attack, driver: attack };
    const ticket = { updatedAt: at(7), openedAt: OPENED, ...texts };
    expect(await done(await putOne(number, ticket))).toMatchObject({ written: 1 });
    expect(await ticketOf(number)).toMatchObject({ number, ...texts });
    await expectProblem(await putOne(number, { ...ticket, updatedAt: attack }), "invalid_request");
    await expectProblem(await putOne(number, { ...ticket, imei: attack }), "invalid_request");
  });

  it("is for keys with tickets:write alone", async () => {
    const keys = [
      await makeKey({ scopes: ["read", "admin", "geofences:write"] }),
      await makeKey({ kind: "pk", scopes: ["read"], origins: ["https://map.example.com"] }),
    ];
    for (const path of [PATH, `${PATH}/x`, "/v1/tickets/change-requests"]) {
      await expectProblem(await ask(path, body({})), "key_required");
      await expectProblem(await askConfigured({ OPEN_READS: "1" }, path, body({})), "scope_missing");
      for (const key of keys) {
        const init = body({});
        const headers = {
          ...init.headers,
          authorization: `Bearer ${key}`,
          origin: "https://map.example.com",
        };
        const detail = await expectProblem(await ask(path, { ...init, headers }), "scope_missing");
        expect(detail).toContain('"tickets:write"');
      }
      await expectProblem(await write(path), "scope_missing");
    }
  });
});
