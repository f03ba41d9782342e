import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { replayCommand } from "../../scripts/replay.ts";
import { encodeObject, keptMessage } from "../../workers/kept/kept-object.ts";
import { callCommand } from "../setup/command.ts";
import { type Stack, startStack } from "../setup/harness.ts";

const replay = (...words: string[]) => callCommand(replayCommand, words);

const day = ["--from", "2026-01-15", "--to", "2026-01-16"];

describe("npm run replay, with input it refuses", () => {
  it.concurrent.each<[string[], string]>([
    [[], "--from is missing"],
    [["--from", "2026-01-15"], "--to is missing"],
    [["--from", "yesterday", "--to", "2026-01-16"], '--from "yesterday" is no instant'],
    [["--from", "2026-01-15", "--to", "2026-02-30"], '--to "2026-02-30" is no instant'],
    [["--from", "2026-01-15T06:00", "--to", "2026-01-16"], "a time with its zone"],
    [["--from", "2026-01-15T25:00Z", "--to", "2026-01-16"], "is no instant"],
    [["--from", "", "--to", "2026-01-16"], '--from "" is no instant'],
    [["--from", "0001-01-01", "--to", "2026-01-16"], "is no instant"],
    [["--from", "2026-01-16", "--to", "2026-01-16"], "--to must be later than --from"],
    [["--from", "2026-01-15T03:00+03:00", "--to", "2026-01-15T00:00Z"], "--to must be later"],
    [[...day, "--kind", "run"], 'There is no kind "run" in the archive. Kinds: location, device'],
    [[...day, "--kind", ""], 'There is no kind ""'],
    [[...day, "--env", "dev"], '--env is staging or production, not "dev".'],
    [[...day, "--url", "api.example.com"], '"api.example.com" is not where an API is'],
    [[...day, "--url", "https://api.example.com/v1"], "without a path"],
    [[...day, "--url", "file:///tmp"], "is not where an API is"],
    [[...day, "--url", "http://127.0.0.1:1", "--key", "sk_x"], "http://127.0.0.1:1 does not answer"],
  ])("refuses %j", async (options, message) => {
    const { stdout, stderr, code } = await replay(...options);
    expect(code).toBe(1);
    expect(stderr).toContain(message);
    expect(stderr).not.toMatch(/\n\s+at /);
    expect(stdout).toBe("");
  });
});

describe("npm run replay, with a running stack", () => {
  let stack: Stack;
  let access: string[];

  beforeAll(async () => {
    stack = await startStack({ vars: { OPEN_READS: "" } });
    access = ["--url", stack.url, "--key", await stack.makeKey(["admin"])];
  });
  afterAll(() => stack?.[Symbol.asyncDispose]());

  const history = () => stack.sql`select * from tracksolid.position_history order by imei, gps_time`;

  it("plays what was polled again", async () => {
    await stack.tick("* * * * *");
    await stack.lastRun("live");
    const truth = await expect.poll(history).not.toEqual([]).then(history);
    await expect
      .poll(async () => {
        const { BUCKET } = await stack.bindings();
        return (await BUCKET.list({ prefix: "raw/" })).objects.length;
      })
      .toBeGreaterThan(0);
    await stack.sql`update tracksolid.position_history set speed_kmh = 999, lat = 0`;
    const spoilt = await history();

    const to = new Date(Date.now() + 60_000).toISOString();
    const span = ["--from", new Date(Date.now() - 3_600_000).toISOString(), "--to", to];
    const dry = await replay(...span, ...access);
    expect(dry.stderr).toBe("");
    expect(dry.stdout).toMatch(/\d+ messages of \d+ items would be played again/);
    expect(dry.stdout).toContain("position_history");
    expect(await history()).toEqual(spoilt);

    const counted = await replay(...span, ...access, "--json", "--kind", "location");
    expect(await history()).toEqual(spoilt);
    const done = await replay(...span, ...access, "--json", "--kind", "location", "--apply");
    const { applied, ...totals } = JSON.parse(done.stdout);
    expect(applied).toBe(true);
    expect(JSON.parse(counted.stdout)).toEqual({ applied: false, ...totals });
    expect(totals.tables).toContainEqual({
      ...{ table: "position_history", inserted: 0, changed: truth.length, unchanged: 0 },
    });
    expect(totals).toMatchObject({ kinds: ["location"], skipped: [] });
    expect(await history()).toEqual(truth);

    const again = JSON.parse((await replay(...span, ...access, "--json", "--apply")).stdout);
    for (const { inserted, changed } of again.tables) expect([inserted, changed]).toEqual([0, 0]);
  });

  it("goes through many pieces, adds them up, and names once what none could read", async () => {
    const { BUCKET } = await stack.bindings();
    const messages = Array.from({ length: 70 }, (_, number) =>
      keptMessage(
        JSON.stringify({
          ...{ v: 1, id: { producer: "test", sequence: number + 1, itemsBefore: number }, receipt: "r" },
          ...{ part: { number: 1, of: 1 }, source: "poll", kind: "location", account: "test" },
          receivedAt: `2026-01-15T0${number % 5}:30:00.000Z`,
          ...{ via: null, stored: null },
          items: [
            {
              ...{ imei: "860000000000777", lat: -1, lng: 36, speed: "5", locDesc: "x".repeat(60_000) },
              gpsTime: `2026-01-15 0${number % 5}:29:00`,
            },
          ],
        }),
      ),
    );
    for (const hour of [0, 1, 2, 3, 4]) {
      const part = messages.filter(({ receivedAt }) => receivedAt?.includes(`T0${hour}:`));
      await BUCKET.put(`raw/2026/01/15/0${hour}/test.ndjson.gz`, encodeObject(part));
    }
    await BUCKET.put("raw/2026/01/15/02/readme", "nothing of ours");
    const { stdout, stderr } = await replay(...day, ...access, "--apply");
    expect(stderr).toBe("");
    expect(stdout).toContain("70 messages of 70 items were played again.");
    expect(stdout.match(/unreadable_object/g)).toHaveLength(1);
    const { length } = await stack.sql`
      select from tracksolid.position_history where imei = '860000000000777'`;
    expect(length).toBe(5);
  });

  it("says what the API said", async () => {
    const wrong = await replay(...day, "--url", stack.url, "--key", await stack.makeKey(["read"]));
    expect([wrong.code, wrong.stdout]).toEqual([1, ""]);
    expect(wrong.stderr).toContain('The API key lacks a scope. This needs a key with the scope "admin".');
    const unknown = await replay(...day, "--url", stack.url, "--key", "sk_nobody");
    expect(unknown.stderr).toContain("The API key is not known");
  });
});
