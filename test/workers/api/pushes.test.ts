import { beforeAll, describe, expect, it } from "vitest";
import { PUSH_KINDS, type PushKind } from "../../../shared/jimi/push/kinds.ts";
import { database, deliver, locationItem, messageOf, newImei, vendorTime } from "../writer/deliver.ts";
import { admin, expectProblem } from "./caller.ts";
import { expectDocumented } from "./document.ts";
import { addVehicle, unique } from "./fleet.ts";

interface Kind {
  kind: string;
  messages: number;
  items: number;
  accounts: string[];
}

interface Pushes {
  from: string;
  to: string;
  accounts: { account: string; vehicles: number; imei: string | null }[];
  kinds: Kind[];
}

async function pushesOf(query = ""): Promise<Pushes> {
  const response = await (await admin())(`/v1/pushes${query}`);
  expect(response.headers.get("cache-control")).toBe("no-store");
  return expectDocumented("/v1/pushes", response);
}

/** What a kind may look like, beside the device. */
const ITEMS: Partial<Record<PushKind, object>> = {
  pushevent: { gateTime: vendorTime(60), type: "LOGIN" },
  pushhb: { gateTime: vendorTime(60) },
  pushgps: { gpsTime: vendorTime(60), gpsMode: 1, lat: -1.28, lng: 36.81 },
  pushalarm: { gateTime: vendorTime(60), msgClass: 0, msg: { alertType: "48", alarmTime: vendorTime(60) } },
  pushobd: { gateTime: vendorTime(60), rpm: 1_816 },
  pushfaultinfo: { gateTime: vendorTime(60), faultCode: "P0420" },
  pushtripreport: { startTime: vendorTime(600), endTime: vendorTime(60), distance: 16_840 },
  pushoil: { gateTime: vendorTime(60), oil: 40 },
  pushtem: { gateTime: vendorTime(60), temperature: 4 },
  pushlbs: { gateTime: vendorTime(60), lbsJson: "{}" },
  rfid: { gateTime: vendorTime(60), cardNo: "1" },
  open_alarm: { alarmType: "ACC_ON", alarmTime: vendorTime(50) },
  tag: { gpsTime: Date.now() - 50_000, lat: -1.28, lng: 36.81 },
  push_other: { time: vendorTime(60) },
};

/** A vehicle with an account of its own. */
async function vehicle() {
  const [imei, account] = [newImei(), unique("pushes")];
  await addVehicle(imei, { account });
  return { imei, account };
}

const pushed = (kind: PushKind, imei: string) => {
  const via = { path: `/${kind}`, msgType: null, headers: {} };
  return messageOf(kind, [{ deviceImei: imei, ...ITEMS[kind] }], { source: "push", account: null, via });
};

describe.each(Object.keys(ITEMS) as PushKind[])("a push of %s", (kind) => {
  let one: Awaited<ReturnType<typeof vehicle>>;
  let other: typeof one;
  let before: Kind | undefined;
  let after: Kind | undefined;
  const find = async () => (await pushesOf()).kinds.find((found) => found.kind === kind);

  beforeAll(async () => {
    [one, other] = [await vehicle(), await vehicle()];
    before = await find();
    await deliver([pushed(kind, one.imei)]);
    after = await find();
  });

  it("is counted, and is of the account of its vehicle alone", () => {
    expect(before?.accounts).not.toContain(one.account);
    expect(after?.accounts).toContain(one.account);
    expect(after?.accounts).not.toContain(other.account);
    expect(after?.messages).toBeGreaterThan(before?.messages ?? 0);
    expect(after?.items).toBeGreaterThan(before?.items ?? 0);
  });
});

it("names every kind and every account, with one of its vehicles", async () => {
  const { imei, account } = await vehicle();
  const { kinds, accounts } = await pushesOf();
  expect(kinds.map(({ kind }) => kind)).toEqual(PUSH_KINDS);
  expect(accounts).toContainEqual({ account, vehicles: 1, imei });
  expect(accounts[0]).toMatchObject({ account: "fireside" });
});

it("takes what was polled for no push", async () => {
  const { imei, account } = await vehicle();
  const other = await vehicle();
  await deliver([messageOf("location", [locationItem(imei)]), pushed("pushgps", other.imei)]);
  const found = (await pushesOf()).kinds.find(({ kind }) => kind === "pushgps");
  expect(found?.accounts).toContain(other.account);
  expect(found?.accounts).not.toContain(account);
});

it("counts what is known by the hour only, and nothing outside of the span", async () => {
  const row = (hour: string, kind: string) => database()`
    insert into private.receipt_hours (producer, hour, kind, numbers, item_numbers, messages, deliveries, items, written,
      duplicate, rejected, delivered_at)
    values (${unique("producer")}, ${hour}, ${kind}, '{[1,4)}', '{[0,9)}', 3, 3, 9, 5, 3, 1, ${hour})`;
  await row("2021-03-04T05:00:00Z", "wgtc");
  await row("2021-03-04T06:00:00Z", "wgtc");
  await row("2021-03-04T05:00:00Z", "location");
  const { kinds, ...span } = await pushesOf("?from=2021-03-04T05:00:00Z&to=2021-03-04T06:00:00Z");
  expect(span).toMatchObject({ from: "2021-03-04T05:00:00.000Z", to: "2021-03-04T06:00:00.000Z" });
  expect(kinds.filter(({ messages }) => messages > 0)).toEqual([
    { kind: "wgtc", messages: 3, items: 9, written: 5, duplicate: 3, rejected: 1, accounts: [] },
  ]);
});

it.each([
  "from=2026-01-01T00:00:00Z&to=2026-03-01T00:00:00Z",
  "from=x",
  "from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z",
])("refuses %s", async (query) => {
  await expectProblem(await (await admin())(`/v1/pushes?${query}`), "invalid_request");
});
