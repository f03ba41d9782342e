import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, inject, it } from "vitest";
import { missing, rowsOf } from "../../scripts/push-check/arrivals.ts";
import { pushCheckCommand } from "../../scripts/push-check.ts";
import { callCommand } from "../setup/command.ts";
import { createDatabase, type OwnDatabase } from "../setup/database.ts";
import { startFront } from "../setup/front.ts";
import { PUSH_TOKEN, type Stack, type StackOptions, startStack } from "../setup/harness.ts";
import { type Truth, World } from "../setup/world.ts";

let database: OwnDatabase;
let world: World;
let vehicles: Truth[];
let stack: Stack;

beforeAll(async () => {
  database = await createDatabase("migrated");
  world = await World.make(inject("simulatorUrl"), { vehicles: 6, seed: 83 });
  vehicles = await world.vehicles();
  stack = await startStack({ world, database });
});
afterAll(async () => {
  await stack?.[Symbol.asyncDispose]();
  await database?.[Symbol.asyncDispose]();
});

/** The command, with a key for the API of a stack. */
async function check(
  { url, makeKey }: Pick<Stack, "url" | "makeKey">,
  words: string[] = [],
  token = PUSH_TOKEN,
) {
  const key = await makeKey(["admin"]);
  const outcome = await callCommand(pushCheckCommand, ["--url", url, "--key", key, ...words], {
    PUSH_TOKEN: token,
  });
  expect(outcome.stdout + outcome.stderr).not.toContain(token);
  return outcome;
}

const marked = (stdout: string) => stdout.split("\n").filter((line) => line.startsWith("!"));

/** Every row of the fleet, and what was refused; but for the log of batches. */
async function everything(): Promise<string> {
  const tables = await database.sql<{ name: string }[]>`
    select format('%I.%I', n.nspname, c.relname) as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where c.relkind = 'r' and c.relname <> 'ingestion_log' and (n.nspname in ('tracksolid', 'reporting') or c.relname in ('rejected_items', 'dirty_days'))
    order by 1`;
  const rows = tables.map(async ({ name }) => [
    name,
    (
      await database.sql.unsafe(
        `select md5(coalesce(string_agg(t::text, '' order by t::text), '')) as digest from ${name} t`,
      )
    )[0],
  ]);
  return JSON.stringify(await Promise.all(rows), null, 1);
}

it("says that it cannot push of a vehicle while none is known", async () => {
  const { stdout, stderr, code } = await check(stack);
  expect([stderr, code]).toEqual(["", 1]);
  expect(marked(stdout)).toEqual([expect.stringContaining("no vehicle is known yet")]);
});

it("sees a push through to the ledger, and leaves no row of it", async () => {
  await stack.tick("7 * * * *");
  await stack.lastRun("devices");
  await expect
    .poll(async () => (await database.sql`select from tracksolid.devices where account is not null`).count)
    .toBe(6);
  // What the sync brought is still on its way through the queue.
  let before = "";
  await expect
    .poll(
      async () => {
        const earlier = before;
        before = await everything();
        return before === earlier;
      },
      { interval: 3_000, timeout: 60_000 },
    )
    .toBe(true);
  for (let times = 0; times < 2; times += 1) {
    const { stdout, stderr, code } = await check(stack);
    expect([stderr, marked(stdout), code]).toEqual(["", [], 0]);
    expect(stdout).toMatch(/^ {2}without a token {3}refused \(401\)$/m);
    expect(stdout).toMatch(/^ {2}with a wrong one {2}refused \(401\)$/m);
    expect(stdout).toMatch(/^ {2}with PUSH_TOKEN {3}taken \(200\), receipt [0-9a-f-]{36}$/m);
    expect(stdout).toMatch(
      /^ {2}recorded {10}after \d+\.\d s: read, counted, and nothing was written of it$/m,
    );
    // Nor does it take its own push for one of the vendor's.
    expect(stdout).toMatch(/^Pushed since .*: nothing$/m);
    expect(stdout).toMatch(/^ {2}paths never seen: pushevent, pushhb, pushgps, /m);
  }
  expect(await everything()).toBe(before);
  const books =
    await database.sql`select kind, written, duplicate, rejected from private.receipts where source = 'push'`;
  expect(books).toEqual(Array(2).fill({ kind: "pushgps", written: 0, duplicate: 1, rejected: 0 }));
});

it("says what came of which account, and whose vehicles nobody pushes", async () => {
  const [first, second, third] = world.info.accounts;
  const since = new Date(Date.now() - 3_600_000).toISOString();
  const gateTime = new Date().toISOString().slice(0, 19).replace("T", " ");
  const told = (account: string | undefined) =>
    vehicles
      .filter((vehicle) => vehicle.account === account)
      .map(({ imei }) => ({ deviceImei: imei, gateTime }));
  const missed = told(third).length;
  for (const [path, items] of [
    ["/pushhb", told(first)],
    ["/pushevent", [...told(first), ...told(second)]],
    [
      "/pushgps",
      told(second).map((item) => ({ ...item, gpsTime: gateTime, lat: -1.28, lng: 36.81, gpsMode: 1 })),
    ],
  ] as const) {
    const body = new URLSearchParams({ token: PUSH_TOKEN, data_list: JSON.stringify(items) });
    expect((await stack.fetch(path, { method: "POST", body })).status).toBe(200);
  }
  await expect
    .poll(async () => (await database.sql`select from private.receipts where source = 'push'`).count)
    .toBe(5);

  const judged = await check(stack, ["--since", since]);
  expect(marked(judged.stdout)).toEqual([`! nothing was pushed of the ${missed} vehicles of ${third}`]);
  expect(judged.code).toBe(1);
  const cells = (path: string) =>
    judged.stdout
      .split("\n")
      .flatMap((line) => (line.includes(`'${path}'`) ? [line.split("│").slice(5, 8)] : []))[0]
      ?.map((cell) => cell.trim());
  expect(cells("pushhb")).toEqual(["'came'", "'never'", "'never'"]);
  expect(cells("pushevent")).toEqual(["'came'", "'came'", "'never'"]);
  expect(cells("pushgps")).toEqual(["'never'", "'came'", "'never'"]);
  expect(judged.stdout).toMatch(/^ {2}paths never seen: pushalarm, pushobd, /m);
  // Without an instant of which it is known that they were to come, nobody is missed.
  expect(await check(stack)).toMatchObject({ code: 0 });
});

it("says when the door does not take the token, without showing it", async () => {
  const { stdout, code } = await check(stack, [], "another-push-token-0002");
  expect(marked(stdout)).toEqual([expect.stringMatching(/with PUSH_TOKEN {3}refused \(401\)/)]);
  expect(code).toBe(1);
});

it("says when what the queue took is not recorded", async () => {
  // The writer waits for the table, which everybody may go on reading.
  const { stdout, code } = await database.sql.begin(async (sql) => {
    await sql`lock table private.receipts in share mode`;
    return check(stack, ["--wait", "3"]);
  });
  expect(marked(stdout)).toEqual([expect.stringMatching(/recorded {10}not after 3 s: the queue took it/)]);
  expect(code).toBe(1);
});

/** Another Worker on the same database. */
async function checkAt(options: StackOptions, words: string[] = []) {
  await using other = await startStack({ world, database, ...options });
  return await check(other, words);
}

it("says when the door is shut, and when it is open to anybody", async () => {
  const shut = await checkAt({ secrets: { PUSH_TOKENS: "short" } });
  expect(marked(shut.stdout)).toEqual([
    "! without a token   answered 503: not taken: try again",
    "! with a wrong one  answered 503: not taken: try again",
    "! with PUSH_TOKEN   answered 503: not taken: try again",
  ]);
  expect(shut.code).toBe(1);
  const open = await checkAt({ secrets: { PUSH_TOKENS: "" } });
  expect(marked(open.stdout)).toEqual([
    expect.stringMatching(/without a token {3}taken: anybody may push/),
    expect.stringMatching(/with a wrong one {2}taken: anybody may push/),
  ]);
  expect(open.code).toBe(1);
});

it("says when another host is the push door", async () => {
  const hosts = { API_HOSTS: "api.example.com", PUSH_HOSTS: "push.example.com" };
  await using other = await startStack({ world, database, vars: hosts });
  await using api = await startFront("api.example.com", () => other.url);
  await using push = await startFront("push.example.com", () => other.url);
  const at = { url: api.url, makeKey: other.makeKey };
  const mistaken = await check(at);
  expect(marked(mistaken.stdout)).toHaveLength(3);
  expect(mistaken.stdout).toMatch(
    /^! with PUSH_TOKEN {3}answered 40\d, but not as the push door does: is .* in PUSH_HOSTS/m,
  );
  expect(mistaken.code).toBe(1);
  const right = await check(at, ["--push-url", push.url]);
  expect([marked(right.stdout), right.code]).toEqual([[], 0]);
});

it("says that nobody answers, or somebody else", async () => {
  const nobody = await check(stack, ["--push-url", "http://127.0.0.1:1"]);
  expect(nobody).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/^http:\/\/127\.0\.0\.1:1 does not answer: /),
  });

  const stranger = createServer((_, response) => response.end("<h1>It works</h1>"));
  await new Promise<void>((resolve) => stranger.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(stranger.address() as AddressInfo).port}`;
  const { stdout, code } = await check(stack, ["--push-url", url]);
  expect([marked(stdout).length, code]).toEqual([3, 1]);
  expect((await check({ url, makeKey: stack.makeKey })).stderr).toContain("is it the right URL?");
  stranger.close();
});

it("does not take what is pushed to prove something for a push of the vendor", () => {
  const counts = { messages: 60, items: 60, written: 60, rejected: 0 };
  const accounts = [{ account: "fireside", vehicles: 2, imei: "860000000000001" }];
  const kinds = ["pushgps", "pushtem"].map((kind) => ({ kind, ...counts, accounts: [] }));
  expect(rowsOf({ accounts, kinds }).map(({ path }) => path)).toEqual(["pushtem"]);
  expect(missing({ accounts, kinds }, true)).toEqual([
    { text: "nothing was pushed of the 2 vehicles of fireside", isWrong: true },
    { text: "paths never seen: pushgps", isWrong: false },
  ]);
});

it.each([
  [[], undefined, 2, "Set PUSH_TOKEN to one of"],
  [[], "short", 2, "Set PUSH_TOKEN to one of"],
  [["now"], PUSH_TOKEN, 2, "npm run push:check"],
  [["--since", "yesterday"], PUSH_TOKEN, 1, '--since "yesterday" is no instant'],
  [["--wait", "0"], PUSH_TOKEN, 1, "--wait is a number of seconds"],
  [["--env", "dev"], PUSH_TOKEN, 1, '--env is staging or production, not "dev".'],
  [["--push-url", "push.example.com"], PUSH_TOKEN, 1, "is not where a push door is"],
])("does not run as %j with the token %j", async (words, token, code, said) => {
  const outcome = await callCommand(pushCheckCommand, words, { PUSH_TOKEN: token });
  expect(outcome.code).toBe(code);
  expect(outcome.stdout + outcome.stderr).toContain(said);
});
