import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { parityCommand } from "../../scripts/db-parity.ts";
import { CANARY_IMEI } from "../../workers/canary/imei.ts";
import { callCommand } from "../setup/command.ts";
import { createDatabase, type OwnDatabase } from "../setup/database.ts";
import { createOldSchema, daysOf, fillAlike, ONE, SPAN, TWO } from "../setup/parity.ts";

let ours: OwnDatabase;
let theirs: OwnDatabase;
beforeAll(async () => {
  [ours, theirs] = await Promise.all([createDatabase("migrated"), createDatabase("empty")]);
  await createOldSchema(theirs);
});
afterAll(async () => {
  await Promise.all([ours[Symbol.asyncDispose](), theirs[Symbol.asyncDispose]()]);
});
beforeEach(() => fillAlike(ours, theirs));

const command = (...words: string[]) =>
  callCommand(parityCommand, words, { DATABASE_URL: ours.url, OTHER_DATABASE_URL: theirs.url });

/** Kilometres of two decimals are equal. */
const ROUNDED = ["--tolerance-km", "0.005"];
const compare = (...words: string[]) => command(...SPAN, ...ROUNDED, ...words);

/** The lines from one that has this text on. */
const linesFrom = (stdout: string, text: string, count: number) => {
  const lines = stdout.split("\n").map((line) => line.trim());
  const at = lines.findIndex((line) => line.includes(text));
  return lines.slice(at, at + count);
};

it("finds databases equal that have the same, whichever names and types they keep it in", async () => {
  const { stdout, stderr, code } = await compare();
  expect({ stderr, code }).toEqual({ stderr: "", code: 0 });
  expect(stdout).toMatch(/The databases are equal\.\n$/);
  expect(stdout).toContain("3 days in Africa/Nairobi, 2026-10-01 to 2026-10-03");
  expect(stdout).toContain("devices: 2 here, 2 there\n");
  expect(stdout).toContain(
    "Without a zone, taken for UTC: trips.start_time (there), parking_events.start_time (there), position_history.gps_time (there).",
  );
  expect(stdout).not.toContain("Not compared");
  expect(stdout).not.toContain("differ\n");
  expect(stdout).toContain(
    "trips: 18 here, 18 there; distance_km 222.21 here, 222.3 there; driving_time_s 21600",
  );
  expect(stdout).toContain("position_history: 864 here, 864 there\n");
  for (const kind of ["trips", "alarms", "parking_events", "position_history"])
    expect(daysOf(stdout, kind)).toEqual([6, 6, 0, 0, 0]);
});

it("leaves out the canary, which is of one system alone", async () => {
  await ours.sql`
    insert into tracksolid.devices (imei, kind, enabled, facts_at, created_at, changed_at)
    values (${CANARY_IMEI}, 'canary', false, now(), now(), now())`;
  await ours.sql`
    insert into tracksolid.position_history (imei, gps_time, lat, lng, source, sources, received_at)
    values (${CANARY_IMEI}, '2026-10-02T08:30Z', -1.2895, 36.8169, 'push', 4, '2026-10-02T08:30Z')`;
  const { stdout, code } = await compare();
  expect(stdout).toMatch(/The databases are equal\.\n$/);
  expect(stdout).toContain("devices: 2 here, 2 there\n");
  expect(code).toBe(0);
});

describe("a difference", () => {
  it("of positions is shown with both, and where one is missing", async () => {
    await theirs.sql`
      update tracksolid.position_history set latitude = -1.30002 where imei = ${ONE} and gps_time = '2026-10-01 06:00'`;
    await theirs.sql`delete from tracksolid.position_history where imei = ${TWO} and gps_time = '2026-10-02 21:00'`;
    await ours.sql`delete from tracksolid.position_history where imei = ${TWO} and gps_time = '2026-10-03T03:00Z'`;
    const { stdout, code } = await compare();
    expect(code).toBe(1);
    expect(linesFrom(stdout, "position_history: 863 here, 863 there", 11)).toEqual([
      "position_history: 863 here, 863 there",
      "3 differ",
      `${ONE} 2026-10-01 06:00:00 UTC`,
      expect.stringMatching(/^here {3}lat -1\.300005, lng 36\.81\d+, source push$/),
      expect.stringMatching(/^there {2}lat -1\.30002, lng 36\.81\d+, source track_list$/),
      `${TWO} 2026-10-02 21:00:00 UTC`,
      expect.stringMatching(/^here {3}lat -1\.300005/),
      "there  missing",
      `${TWO} 2026-10-03 03:00:00 UTC`,
      "here   missing",
      expect.stringMatching(/^there {2}lat -1\.3000[01]/),
    ]);
    // 21:00 UTC is the next day in Nairobi.
    expect(daysOf(stdout, "position_history")).toEqual([6, 4, 2, 0, 0]);
    expect(daysOf(stdout, "trips")).toEqual([6, 6, 0, 0, 0]);
    expect(stdout).toMatch(/The databases differ\.\n$/);
  });

  it.each([
    ["distance_km = 12.36", "distance_km 12.36"],
    ["driving_time_s = 1201", "driving_time_s 1201"],
    ["end_time = '2026-10-02 05:21'", "end_time 2026-10-02 05:21:00"],
    ["distance_km = null", "distance_km –"],
    ["distance_km = 'NaN'", "distance_km NaN"],
  ])("of a trip is found: %s", async (change, shown) => {
    await theirs.sql.unsafe(`
      update tracksolid.trips set ${change} where imei = '${ONE}' and start_time = '2026-10-02 05:00'`);
    const { stdout, code } = await compare();
    expect(code).toBe(1);
    const [total, fact, here, there] = linesFrom(stdout, "1 differ", 4);
    expect([total, fact]).toEqual(["1 differ", `${ONE} 2026-10-02 05:00:00 UTC`]);
    expect(here).toBe("here   end_time 2026-10-02 05:20:00, distance_km 12.345, driving_time_s 1200");
    expect(there).toContain(shown);
    expect(daysOf(stdout, "trips")).toEqual([6, 5, 1, 0, 0]);
  });

  it("that adds up to nothing is found", async () => {
    await theirs.sql`
      update tracksolid.trips set distance_km = distance_km + case when start_time = '2026-10-02 05:00' then 1 else -1 end
      where imei = ${ONE} and start_time in ('2026-10-02 05:00', '2026-10-02 13:00')`;
    const { stdout } = await compare();
    expect(stdout).toContain("distance_km 222.21 here, 222.3 there");
    expect(stdout).toContain("2 differ\n");
  });

  it("of an alarm's type is shown side by side", async () => {
    await theirs.sql`
      update tracksolid.alarms set alarm_type = '' where imei = ${ONE} and alarm_time = '2026-10-01T03:00Z'`;
    await theirs.sql`
      update tracksolid.alarms set alarm_type = null where imei = ${ONE} and alarm_time = '2026-10-01T09:00Z'`;
    await ours.sql`
      update tracksolid.alarms set alarm_type = '' where imei = ${ONE} and alarm_time = '2026-10-01T09:00Z'`;
    const { stdout } = await compare();
    expect(linesFrom(stdout, "2 differ", 7)).toEqual([
      "2 differ",
      `${ONE} 2026-10-01 03:00:00 UTC`,
      "here   alarm_type 48, alarm_name –",
      "there  alarm_type , alarm_name Over speed",
      `${ONE} 2026-10-01 09:00:00 UTC`,
      "here   alarm_type , alarm_name –",
      "there  alarm_type –, alarm_name Over speed",
    ]);
  });

  it("of whole days and of devices is told by side", async () => {
    await ours.sql`delete from tracksolid.parking_events where imei = ${ONE} and start_time < '2026-10-02'`;
    await theirs.sql`delete from tracksolid.parking_events where imei = ${TWO}`;
    await theirs.sql`delete from tracksolid.devices where imei = ${TWO}`;
    await theirs.sql`insert into tracksolid.devices (imei) values ('860000000000003'), ('8.6E+14')`;
    const { stdout } = await compare();
    expect(daysOf(stdout, "parking_events")).toEqual([6, 1, 1, 3, 1]);
    expect(stdout).toContain("9 differ\n");
    expect(linesFrom(stdout, `${TWO} 2026-10-01 09:00:00 UTC`, 3)).toEqual([
      `${TWO} 2026-10-01 09:00:00 UTC`,
      "here   end_time 2026-10-01 09:10:00, duration_s 600",
      "there  missing",
    ]);
    expect(linesFrom(stdout, "devices:", 3)).toEqual([
      "devices: 2 here, 3 there",
      `1 only here: ${TWO}`,
      "2 only there: 8.6E+14, 860000000000003",
    ]);
  });

  it("of stays is one of their end or duration, once both databases know of the end", async () => {
    await theirs.sql.unsafe(`
      update tracksolid.parking_events set end_time = end_time + interval '1 minute', duration_seconds = 660
      where imei = '${ONE}' and start_time = '2026-09-30 21:00';
      update tracksolid.parking_events set duration_seconds = null where imei = '${ONE}' and start_time = '2026-10-01 21:00'`);
    const { stdout, code } = await compare();
    expect(code).toBe(1);
    expect(linesFrom(stdout, "2 differ", 7)).toEqual([
      "2 differ",
      `${ONE} 2026-09-30 21:00:00 UTC`,
      "here   end_time 2026-09-30 21:10:00, duration_s 600",
      "there  end_time 2026-09-30 21:11:00, duration_s 660",
      `${ONE} 2026-10-01 21:00:00 UTC`,
      "here   end_time 2026-10-01 21:10:00, duration_s 600",
      "there  end_time 2026-10-01 21:10:00, duration_s –",
    ]);
    expect(daysOf(stdout, "parking_events")).toEqual([6, 4, 2, 0, 0]);

    await ours.sql`update tracksolid.parking_events set end_time = null where imei = ${ONE}`;
    const later = await compare();
    expect(later).toMatchObject({ code: 0 });
    expect(later.stdout).toContain("6 ended in one, and not yet in the other\n");
    expect(daysOf(later.stdout, "parking_events")).toEqual([6, 6, 0, 0, 0]);
    await theirs.sql`update tracksolid.parking_events set end_time = null, duration_seconds = 1 where imei = ${ONE}`;
    const lasting = await compare();
    expect(lasting).toMatchObject({ code: 0 });
    expect(lasting.stdout).not.toContain("ended in one");
  });

  it("of devices alone is one", async () => {
    await theirs.sql`delete from tracksolid.devices where imei = ${TWO}`;
    const { stdout, code } = await compare();
    expect(code).toBe(1);
    expect(stdout).toContain(`1 only here: ${TWO}`);
  });

  it("is counted even where it is not shown", async () => {
    await theirs.sql`update tracksolid.position_history set latitude = 5 where imei = ${ONE}`;
    await theirs.sql`delete from tracksolid.position_history where imei = ${TWO} and gps_time < '2026-10-02 21:00'`;
    const { stdout } = await compare("--most", "3");
    expect(stdout).toContain("720 differ, the first 3\n");
    expect(stdout.match(/ there {2}(lat|missing)/g)).toHaveLength(3);
    expect(daysOf(stdout, "position_history")).toEqual([6, 1, 3, 2, 0]);
    const silent = await compare("--most", "0");
    expect(silent.stdout).toContain("720 differ, not shown\n");
    expect(silent.stdout).not.toContain("missing");
  });

  it("is looked for in what was asked for alone", async () => {
    await theirs.sql`delete from tracksolid.trips where imei = ${ONE} and start_time = '2026-10-02 05:00'`;
    await theirs.sql`delete from tracksolid.alarms where imei = ${ONE}`;
    expect((await compare("--imei", TWO)).code).toBe(0);
    const one = await compare("--imei", ONE);
    expect(one.code).toBe(1);
    expect(one.stdout).toContain("devices: 1 here, 1 there");
    expect(daysOf(one.stdout, "trips")).toEqual([3, 2, 1, 0, 0]);
    expect(daysOf(one.stdout, "alarms")).toEqual([3, 0, 0, 3, 0]);
    const both = await compare("--imei", ONE, "--imei", TWO, "--imei", TWO);
    expect(daysOf(both.stdout, "trips")).toEqual([6, 5, 1, 0, 0]);

    const during = (from: string, to: string) =>
      command("--from", from, "--to", to, ...ROUNDED, "--imei", ONE);
    const before = await during("2026-10-02T07:00+03:00", "2026-10-02T08:00+03:00");
    expect(daysOf(before.stdout, "trips")).toEqual([0, 0, 0, 0, 0]);
    expect(daysOf(before.stdout, "position_history")).toEqual([1, 1, 0, 0, 0]);
    const then = await during("2026-10-02T05:00Z", "2026-10-02T05:00:00.001Z");
    expect(daysOf(then.stdout, "trips")).toEqual([1, 0, 0, 1, 0]);
    expect(then.stdout).toContain(
      "1 days in Africa/Nairobi, 2026-10-02 to 2026-10-02: from 2026-10-02T05:00",
    );
  });
});
