import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, inject, it, vi } from "vitest";
import { type CuttableProxy, startCuttableProxy } from "../setup/cuttable-proxy.ts";
import { PUSH_TOKEN, type Stack, startStack } from "../setup/harness.ts";
import { figure, size } from "../setup/size.ts";

const SUCCESS = { code: 0, msg: "success" };

let proxy: CuttableProxy;
let stack: Stack;

beforeAll(async () => {
  proxy = await startCuttableProxy(Number(new URL(inject("cluster").adminUrl).port));
  stack = await startStack({ world: { vehicles: 1 }, databasePort: proxy.port });
});
afterAll(async () => {
  await stack?.[Symbol.asyncDispose]();
  await proxy?.[Symbol.asyncDispose]();
});

let nextImei = 861_000_000_000_000;
const newImei = () => String(++nextImei);
const vendorTime = (agoS: number) =>
  new Date(Date.now() - agoS * 1000).toISOString().slice(0, 19).replace("T", " ");

function gps(imei: string, change: Record<string, unknown> = {}): Record<string, unknown> {
  const at = vendorTime(30);
  return {
    deviceImei: imei,
    gpsTime: at,
    gateTime: at,
    lat: -1.28,
    lng: 36.81,
    gpsMode: 0,
    gpsSpeed: 42,
    ...change,
  };
}

const form = (list: string) => new URLSearchParams({ token: PUSH_TOKEN, data_list: list });

async function push(path: string, body: BodyInit) {
  const response = await stack.fetch(path, { method: "POST", body });
  return {
    status: response.status,
    answer: (await response.json()) as unknown,
    receipt: response.headers.get("x-receipt"),
  };
}

/** What became of the items of a body, once all of its parts were written. */
async function outcome(receipt: string | null): Promise<string> {
  return vi.waitFor(
    async () => {
      const parts = await stack.sql<{ part: number; parts: number; outcomes: string }[]>`
        select part, parts, outcomes from private.receipts where receipt = ${receipt} order by part`;
      expect(parts.length).toBeGreaterThan(0);
      expect(parts).toHaveLength(parts[0]?.parts ?? 0);
      return parts.map(({ outcomes }) => outcomes).join("");
    },
    { timeout: 20_000, interval: 100 },
  );
}

const stored = async (imeis: string[]) =>
  (
    await stack.sql`select imei from tracksolid.position_history
      where imei in (select json_array_elements_text(${JSON.stringify(imeis)}::text::json))`
  ).length;

const deep = (levels: number) => `${"[".repeat(levels)}${"]".repeat(levels)}`;
const json = JSON.stringify;

describe("a hostile body", () => {
  const [before, after] = [newImei(), newImei()];
  const between = (item: string) => `[${json(gps(newImei()))},${item},${json(gps(newImei()))}]`;
  const named = (fields: string) => `{"deviceImei":"${newImei()}",${fields}}`;
  const times = `"gpsTime":"${vendorTime(20)}","gateTime":"${vendorTime(20)}"`;

  it.each([
    ["a number that JSON cannot hold", between(named(`${times},"lat":1e400,"lng":36.8`)), "www"],
    [
      "speeds and headings beyond all bounds",
      between(named(`${times},"lat":-1,"lng":36,"gpsSpeed":1e308,"direction":-1e308`)),
      "www",
    ],
    [
      "NUL and half a surrogate pair",
      between(named(`${times},"lat":-1,"lng":36,"driverName":"a\\u0000b\\ud800"`)),
      "www",
    ],
    [
      "names of the prototype",
      between(`{"__proto__":{"deviceImei":"1"},"constructor":{},"toString":1}`),
      "wrw",
    ],
    [
      "an own __proto__ beside good fields",
      between(named(`${times},"lat":-1,"lng":36,"__proto__":{"lat":99}`)),
      "www",
    ],
    ["an item of 100 levels", between(named(`${times},"lat":-1,"lng":36,"x":${deep(100)}`)), "wrw"],
    ["an item of 20,000 levels", between(named(`${times},"lat":-1,"lng":36,"x":${deep(20_000)}`)), undefined],
    ["a number, a text, null, a list", `[1,"text",null,[1],${json(gps(newImei()))}]`, "rrrrw"],
    ["an IMEI that is SQL", between(json(gps("1'; drop table tracksolid.devices; --"))), "wrw"],
    ["a time that is SQL", between(json(gps(newImei(), { gpsTime: "now()" }))), "wrw"],
    ["a clock of 2019", between(json(gps(newImei(), { gpsTime: "2019-04-06 23:59:42" }))), "wrw"],
    ["a latitude of 200", between(json(gps(newImei(), { lat: 200 }))), "wrw"],
    ["JSON that breaks off", `[${json(gps(before))},{"deviceImei":"8`, "r"],
    [
      "three megabytes of a field",
      between(json(gps(after, { transparentData: "0".repeat(3_000_000) }))),
      "www",
    ],
  ])("with %s harms nobody", async (_, list, expected) => {
    const { status, answer, receipt } = await push("/pushgps", form(list));
    expect([status, answer]).toEqual([200, SUCCESS]);
    const letters = await outcome(receipt);
    if (expected === undefined) expect(letters.replaceAll("r", "")).toBe("ww");
    else expect(letters).toBe(expected);
  });

  it("with an item of a million levels harms nobody", async () => {
    const list = between(named(`${times},"x":${deep(1_000_000)}`));
    const { status, receipt } = await push(`/${PUSH_TOKEN}/pushgps`, list);
    expect(status).toBe(200);
    expect((await outcome(receipt)).replaceAll("r", "")).toBe("ww");
  });

  it("nested a million deep as a whole is kept as what it is", async () => {
    const { status, receipt } = await push(`/${PUSH_TOKEN}/pushgps`, deep(1_000_000));
    expect(status).toBe(200);
    expect(await outcome(receipt)).toBe("r");
  });

  it("that is not UTF-8 is kept with replacement characters", async () => {
    const imei = newImei();
    const [start, end] = json([gps(imei, { driverName: "§" })]).split("§");
    const body = Buffer.concat([
      Buffer.from(start ?? ""),
      Buffer.from([0xff, 0xfe, 0xc3]),
      Buffer.from(end ?? ""),
    ]);
    const { status, receipt } = await push(`/${PUSH_TOKEN}/pushgps`, body);
    expect(status).toBe(200);
    expect(await outcome(receipt)).toBe("w");
    expect(await stored([imei])).toBe(1);
  });

  /** Posts what is too large, and waits for the Worker's own line about it. */
  async function refused(body: BodyInit): Promise<void> {
    const answeredBefore = stack.lines("push").length;
    const response = await fetch(`${stack.url}/pushgps`, {
      method: "POST",
      headers: { "content-type": "application/x-www-form-urlencoded" },
      body,
      duplex: "half",
    } as RequestInit).catch(() => null);
    // Who goes on sending into a refused request may see its connection end, or an error of the local proxy that
    // passes it on, instead of the answer: what the Worker answered is in its own line.
    expect(response?.status).not.toBe(200);
    await vi.waitFor(() => expect(stack.lines("push").length).toBeGreaterThan(answeredBefore));
    expect(stack.lines("push").at(-1)).toMatch(/status: 413/);
    expect((await stack.fetch("/health")).status).toBe(200);
  }

  it("with a field of 10 MB is refused", async () => {
    const list = between(json(gps(newImei(), { transparentData: "0".repeat(10_000_000) })));
    await refused(form(list));
  });

  it("of 100 MB is refused", async () => {
    let sent = 0;
    const body = new ReadableStream<Uint8Array>({
      pull(controller) {
        sent += 1_000_000;
        if (sent > 100_000_000) controller.close();
        else controller.enqueue(new Uint8Array(1_000_000).fill(120));
      },
    });
    await refused(body);
  });

  it("of 10,000 items becomes 10,000 rows", async () => {
    const imeis = Array.from({ length: 10_000 }, newImei);
    const { status, receipt } = await push("/pushgps", form(json(imeis.map((imei) => gps(imei)))));
    expect(status).toBe(200);
    expect(await outcome(receipt)).toBe("w".repeat(10_000));
    expect(await stored(imeis)).toBe(10_000);
  });

  it("with SQL in every text field is text", async () => {
    const sql = `'); delete from tracksolid.devices; select pg_sleep(10); --`;
    const imei = newImei();
    const at = vendorTime(5);
    const bodies: Record<string, unknown> = {
      pushevent: { deviceImei: imei, type: sql, gateTime: at, timezone: sql },
      pushalarm: {
        type: "DEVICE",
        msgClass: 0,
        imei,
        gateTime: at,
        msg: { alertType: sql, alarmTime: at, fenceId: sql, file: sql },
      },
      pushobd: { deviceImei: imei, gateTime: at, vin: sql, obdJson: sql },
      pushfaultinfo: { deviceImei: imei, gateTime: at, faultCode: sql, faultDetail: sql },
      pushoil: { deviceImei: imei, gateTime: at, oil: sql, unit: sql, sensorNo: sql },
      pushlbs: { deviceImei: imei, gateTime: at, lbsJson: sql, postType: sql },
      rfid: { deviceImei: imei, gateTime: at, rfid: sql },
      pushIothubEvent: { deviceImei: imei, gateTime: at, eventType: sql, eventContent: sql },
      [encodeURIComponent(sql)]: { deviceImei: imei, gateTime: at },
    };
    for (const [path, item] of Object.entries(bodies)) {
      const { status, receipt } = await push(`/${PUSH_TOKEN}/${path}`, json([item]));
      expect([path, status]).toEqual([path, 200]);
      expect([path, await outcome(receipt)]).toEqual([path, "w"]);
    }
    const [alarm] = await stack.sql`select code, fence_id from tracksolid.alarms where imei = ${imei}`;
    expect(alarm).toEqual({ code: `word:${sql}`, fence_id: sql });
  });
});

it(
  "accounts for any mixture of good and broken items",
  async () => {
    const good = fc.constantFrom("gps", "twice").map((kind) => ({ kind, item: null as unknown }));
    const broken = fc
      .oneof(
        fc.constantFrom<unknown>(null, 1, "text", [], {}, { deviceImei: "abc" }, { deviceImei: "861" }),
        fc
          .constantFrom("", "not a time", "2019-04-06 23:59:42", "2099-01-01 00:00:00")
          .map((gpsTime) => ({ gpsTime })),
        fc.constantFrom(200, -91).map((lat) => ({ lat })),
      )
      .map((item) => ({ kind: "broken", item }));
    const bodies = fc.array(fc.oneof({ weight: 2, arbitrary: good }, broken), {
      minLength: 1,
      maxLength: 60,
    });
    await fc.assert(
      fc.asyncProperty(bodies, async (made) => {
        const twin = newImei();
        const items = made.map(({ kind, item }) => {
          if (kind === "gps") return gps(newImei());
          if (kind === "twice")
            return gps(twin, { gpsTime: "2026-11-01 08:00:00", gateTime: "2026-11-01 08:00:01" });
          const fields = item as Record<string, unknown> | null;
          return fields !== null && ("gpsTime" in Object(fields) || "lat" in Object(fields))
            ? gps(newImei(), fields)
            : item;
        });
        const { receipt } = await push("/pushgps", form(json(items)));
        const letters = await outcome(receipt);
        expect(letters).toHaveLength(items.length);
        made.forEach(({ kind }, index) => {
          expect(letters[index], json(items[index])).toMatch(
            kind === "broken" ? /r/ : kind === "gps" ? /w/ : /[wd]/,
          );
        });
        expect(
          letters.split("").filter((_, index) => made[index]?.kind === "twice" && letters[index] === "w")
            .length,
        ).toBe(made.some(({ kind }) => kind === "twice") ? 1 : 0);
      }),
      { numRuns: size(12, 150) },
    );
  },
  size(120_000, 900_000),
);

it(
  "loses nothing of what is pushed while the database is away, and stays alive",
  async () => {
    const { BUCKET } = await stack.bindings();
    const bodies = size(400, 24_000);
    const imeis = Array.from({ length: bodies }, newImei);
    const queue = [...imeis];
    await proxy.cut();
    const cutMs = Date.now();
    const sender = async () => {
      for (let imei = queue.pop(); imei !== undefined; imei = queue.pop()) {
        const { status } = await push("/pushgps", form(json([gps(imei)])));
        expect(status).toBe(200);
      }
    };
    await Promise.all(Array.from({ length: 8 }, sender));
    // More come once it is known to be away: they are parked at once.
    await vi.waitFor(
      async () => {
        const late = newImei();
        imeis.push(late);
        expect((await push("/pushgps", form(json([gps(late)])))).status).toBe(200);
        expect((await BUCKET.list({ prefix: "parked/waiting/" })).objects.length).toBeGreaterThan(0);
      },
      { timeout: 60_000, interval: 500 },
    );
    const awayS = (Date.now() - cutMs) / 1000;
    expect(await stored(imeis)).toBe(0);

    await proxy.mend();
    const mendedMs = Date.now();
    await vi.waitFor(
      async () => {
        await stack.tick("* * * * *");
        expect(await stored(imeis)).toBe(imeis.length);
        expect((await BUCKET.list({ prefix: "parked/" })).objects).toEqual([]);
      },
      { timeout: size(120_000, 1_200_000), interval: 500 },
    );
    const drainS = (Date.now() - mendedMs) / 1000;
    expect((await BUCKET.list({ prefix: "dead/" })).objects).toEqual([]);
    figure(
      "pushes while the database was away",
      `${imeis.length} messages in ${awayS.toFixed(0)} s, all written ${drainS.toFixed(1)} s after it came back: ${(imeis.length / drainS).toFixed(0)}/s`,
    );
  },
  size(240_000, 2_400_000),
);

it("has accounted for everything after all of these days", async () => {
  const key = await stack.makeKey(["admin"]);
  const books = async () => {
    const response = await stack.fetch("/v1/ledger", { headers: { authorization: `Bearer ${key}` } });
    return (await response.json()) as {
      balanced: boolean;
      received: { messages: number; items: number };
      pending: { messages: number };
      parked: { messages: number };
      missing: { messages: number };
    };
  };
  await expect.poll(async () => (await books()).pending.messages, { timeout: 20_000 }).toBe(0);
  const { balanced, received, parked, missing } = await books();
  expect([balanced, parked.messages, missing.messages]).toEqual([true, 0, 0]);
  const [sums] = await stack.sql`
    select count(*)::int as messages, sum(items)::int as items, sum(written + duplicate + rejected)::int as outcomes
    from private.receipts`;
  expect(received).toMatchObject({ messages: sums?.messages, items: sums?.items });
  expect(sums?.outcomes).toBe(sums?.items);
});
