import { beforeAll, describe, expect, it } from "vitest";
import { addressMessage, newSpot, tripItem } from "../addresses/places.ts";
import { derived, PATIENCE_MS } from "../derive/run.ts";
import { database, deliver, messageOf } from "../writer/deliver.ts";
import { push } from "../writer/facts/push.ts";
import { ask, expectProblem, query, reader } from "./caller.ts";
import { expectDocumented } from "./document.ts";
import { addVehicle, imeis, unique } from "./fleet.ts";

/** Latitude of the places that no other file uses. */
const BAND = -23;

interface Change {
  imei: string;
  day: string;
  version: number;
  trips: { startAt: string; distanceKm: number; endAddress: string | null }[];
  alarms: { at: string; endedAt: string | null }[];
  stays: { startAt: string }[];
  summary: { trips: number; distanceKm: number | null } | null;
}

interface Answer {
  changes: Change[];
  toVersion: number;
  more: boolean;
}

let get: Awaited<ReturnType<typeof reader>>;

beforeAll(async () => {
  get = await reader();
});

async function changesSince(fromVersion: number, filter: Record<string, string>): Promise<Answer> {
  const response = await get(`/v1/changes${query({ fromVersion: String(fromVersion), ...filter })}`);
  return expectDocumented("/v1/changes", response);
}

/** A partner who keeps a copy of an account. */
function partnerOf(account: string, limit = 100) {
  const copy = new Map<string, Change>();
  let version = 0;
  return {
    /** @returns What came, as days. */
    async sync(): Promise<string[]> {
      const came: string[] = [];
      for (;;) {
        const answer = await changesSince(version, { account, limit: String(limit) });
        for (const change of answer.changes) {
          copy.set(`${change.imei} ${change.day}`, change);
          came.push(`${change.imei} ${change.day}`);
        }
        expect(answer.toVersion).toBeGreaterThanOrEqual(version);
        version = answer.toVersion;
        if (!answer.more) return came.sort();
      }
    },
    day: (imei: string, day: string) => copy.get(`${imei} ${day}`),
  };
}

/** A fleet of an account of its own. */
async function fleetOf(count: number): Promise<{ account: string; vehicles: string[] }> {
  const account = unique("partner");
  const vehicles = imeis(count);
  for (const imei of vehicles) await addVehicle(imei, { account });
  return { account, vehicles };
}

/** 11:00 and so on in Nairobi is 08:00 UTC, as the vendor writes it. */
const trip = (imei: string, day: string, from: string, to: string, distance: number) =>
  messageOf("trip", [{ imei, startTime: `${day} ${from}`, endTime: `${day} ${to}`, distance }]);

describe("GET /v1/changes", () => {
  it("gives all there is, then nothing, then what came late alone", async () => {
    const { account, vehicles } = await fleetOf(3);
    const [first = "", second = "", third = ""] = vehicles;
    const partner = partnerOf(account);
    await deliver(vehicles.map((imei) => trip(imei, "2026-03-02", "08:00:00", "08:30:00", 9_000)));
    for (const imei of vehicles) await derived(imei);
    expect(await partner.sync()).toEqual([first, second, third].map((imei) => `${imei} 2026-03-02`));
    expect(await partner.sync()).toEqual([]);

    await deliver([trip(second, "2026-02-20", "09:00:00", "09:10:00", 4_000)]);
    await derived(second);
    expect(await partner.sync()).toEqual([`${second} 2026-02-20`]);
    expect(partner.day(second, "2026-02-20")).toMatchObject({
      summary: { trips: 1, distanceKm: 4 },
      trips: [{ startAt: "2026-02-20T09:00:00Z", distanceKm: 4 }],
    });
  });

  it("gives corrections and what is taken back: a trip that takes the place of another over midnight", async () => {
    const { account, vehicles } = await fleetOf(1);
    const [imei = ""] = vehicles;
    const partner = partnerOf(account);
    // Midnight in Nairobi is 21:00 UTC.
    await deliver([trip(imei, "2026-03-02", "20:50:00", "21:40:00", 9_000)]);
    await derived(imei);
    await partner.sync();
    expect(partner.day(imei, "2026-03-02")?.trips).toHaveLength(1);

    const later = new Date(Date.now() + 1_000).toISOString();
    await deliver([{ ...trip(imei, "2026-03-02", "21:05:00", "21:40:00", 7_000), receivedAt: later }]);
    await derived(imei);
    expect(await partner.sync()).toEqual([`${imei} 2026-03-02`, `${imei} 2026-03-03`]);
    expect(partner.day(imei, "2026-03-02")?.trips).toEqual([]);
    expect(partner.day(imei, "2026-03-03")?.trips).toMatchObject([{ distanceKm: 7 }]);
  });

  it("gives a stay that gives way to one that began a day later", async () => {
    const { account, vehicles } = await fleetOf(1);
    const [imei = ""] = vehicles;
    const partner = partnerOf(account);
    const stay = (start: string, end: string, receivedMs: number) => ({
      ...messageOf("parking", [{ imei, startTime: start, endTime: end, durSecond: 3_600, acc: "OFF" }]),
      receivedAt: new Date(receivedMs).toISOString(),
    });
    await deliver([stay("2026-03-02 20:30:00", "2026-03-02 22:00:00", Date.now() - 1_000)]);
    await derived(imei);
    await partner.sync();
    expect(partner.day(imei, "2026-03-02")?.stays).toHaveLength(1);
    await deliver([stay("2026-03-02 21:30:00", "2026-03-02 22:00:00", Date.now())]);
    await derived(imei);
    expect(await partner.sync()).toEqual([`${imei} 2026-03-02`, `${imei} 2026-03-03`]);
    expect(partner.day(imei, "2026-03-02")?.stays).toEqual([]);
    expect(partner.day(imei, "2026-03-03")?.stays).toMatchObject([{ startAt: "2026-03-02T21:30:00Z" }]);
  });

  it("gives the end of an alarm of the day before", async () => {
    const { account, vehicles } = await fleetOf(1);
    const [imei = ""] = vehicles;
    const partner = partnerOf(account);
    const alarm = (at: string, msg: Record<string, unknown>) =>
      push("pushalarm", [{ deviceImei: imei, msgClass: 0, msg: { alarmTime: at, ...msg } }]);
    await alarm("2026-03-02 08:00:00", { alertType: 48 });
    await derived(imei);
    await partner.sync();
    expect(partner.day(imei, "2026-03-02")?.alarms).toMatchObject([{ endedAt: null }]);
    await alarm("2026-03-02 22:00:00", { alertType: "removeAlarmType", removeAlarmType: 48 });
    await derived(imei);
    expect(await partner.sync()).toEqual([`${imei} 2026-03-02`]);
    expect(partner.day(imei, "2026-03-02")?.alarms).toMatchObject([{ endedAt: "2026-03-02T22:00:00Z" }]);
  });

  it("gives an address that was looked up", async () => {
    const { account, vehicles } = await fleetOf(1);
    const [imei = ""] = vehicles;
    const partner = partnerOf(account);
    const [start, end] = [await newSpot(BAND), await newSpot(BAND)];
    await push("pushtripreport", [tripItem(imei, start, end)]);
    await derived(imei);
    const [day = ""] = await partner.sync();
    const toldOf = async () => {
      await deliver([addressMessage(end, "Uhuru Highway")]);
      await derived(imei);
      return partner.sync();
    };
    // A trip that another run computes meanwhile is left to the next who looks for its address.
    await expect.poll(toldOf, { timeout: PATIENCE_MS }).toEqual([day]);
    const [, date = ""] = day.split(" ");
    expect(partner.day(imei, date)?.trips).toMatchObject([{ endAddress: "Uhuru Highway" }]);
  });

  it("comes to the same in pages of one", async () => {
    const { account, vehicles } = await fleetOf(4);
    for (const imei of vehicles) {
      await deliver(
        ["2026-03-02", "2026-03-03"].map((day) => trip(imei, day, "08:00:00", "08:30:00", 9_000)),
      );
      await derived(imei);
    }
    const [wide, narrow] = [partnerOf(account), partnerOf(account, 1)];
    expect(await narrow.sync()).toEqual(await wide.sync());
    for (const imei of vehicles) expect(narrow.day(imei, "2026-03-03")).toEqual(wide.day(imei, "2026-03-03"));
  });

  it("moves on where only others changed", async () => {
    const [mine, theirs] = [await fleetOf(1), await fleetOf(1)];
    const before = await changesSince(0, { account: mine.account });
    const [other = ""] = theirs.vehicles;
    await deliver([trip(other, "2026-03-02", "08:00:00", "08:30:00", 9_000)]);
    await derived(other);
    const after = await changesSince(before.toVersion, { account: mine.account });
    expect(after).toEqual({ changes: [], toVersion: expect.any(Number), more: false });
    expect(after.toVersion).toBeGreaterThan(before.toVersion);
  });

  it("shows no version before all below it", async () => {
    const { account, vehicles } = await fleetOf(2);
    const [slow = "", quick = ""] = vehicles;
    const version = async (sql: { unsafe: ReturnType<typeof database>["unsafe"] }, imei: string) =>
      sql.unsafe(
        `with given as (update reporting.newest_version set version = version + 1 returning version)
         insert into reporting.day_versions select $1, '2026-03-02', version from given`,
        [imei],
      );
    let second: Promise<unknown> = Promise.resolve();
    let meanwhile: Answer | undefined;
    await database().begin(async (tx) => {
      await version(tx, slow);
      second = version(database(), quick);
      meanwhile = await changesSince(0, { account });
    });
    await second;
    expect(meanwhile?.changes).toEqual([]);
    const after = await changesSince(meanwhile?.toVersion ?? 0, { account });
    expect(after.changes.map(({ imei }) => imei)).toEqual([slow, quick]);
  });

  it("says so where the version is of another database", async () => {
    const future = await get(`/v1/changes?fromVersion=${Number.MAX_SAFE_INTEGER}`);
    await expectProblem(future, "version_unknown");
  });

  it.each(["-1", "1e400", "0x10", "1.5", "9007199254740993", "'; drop table x; --", ""])(
    "refuses fromVersion=%j",
    async (fromVersion) => {
      const detail = await expectProblem(
        await get(`/v1/changes${query({ fromVersion })}`),
        "invalid_request",
      );
      expect(detail).toContain("fromVersion");
    },
  );

  it("asks for a key", async () => {
    await expectProblem(await ask("/v1/changes"), "key_required");
  });
});
