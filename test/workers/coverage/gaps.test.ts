import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it } from "vitest";
import { closeGaps } from "../../../workers/coverage/index.ts";
import { emptyOutcome } from "../../../workers/polls/outcome.ts";
import { reader } from "../api/caller.ts";
import { expectDocumented } from "../api/document.ts";
import { addVehicle } from "../api/fleet.ts";
import { derived } from "../derive/run.ts";
import { database, deliver, messageOf, newImei, vendorTime } from "../writer/deliver.ts";

const MINUTE_S = 60;

/** So many seconds before now these tests begin. */
const START_S = 5 * 3_600;

const context = () => ({
  env: { ...env, JOBS: { sendBatch: async () => {} } } as unknown as Env,
  runId: crypto.randomUUID(),
  startedMs: Date.now(),
  deadlineMs: Date.now() + 30_000,
  outcome: emptyOutcome(),
});

/** A point so many minutes after the start, on a road that leads a hundred metres further each minute. */
const point = (minute: number, change: Record<string, unknown> = {}) => ({
  ...{ lat: -1.3 + minute / 1_000, lng: 36.8, gpsTime: vendorTime(START_S - minute * MINUTE_S) },
  ...{ gpsSpeed: 40, direction: 0, posType: 1, ...change },
});

const drive = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, minute) => point(from + minute));

const told = (imei: string, points: unknown[]) => deliver([messageOf("track_point", points, { imei })]);

const gapsOf = (imei: string) =>
  database()`select reason, state, points, tries from tracksolid.coverage_gaps where imei = ${imei} order by gap_from`;

interface Coverage {
  total: { expectedS: number };
  vehicles: { imei: string; haveS: number; recoveredS: number; missingS: number; hours: unknown[] | null }[];
}

let get: Awaited<ReturnType<typeof reader>>;
beforeAll(async () => {
  get = await reader();
});

async function coverageOf(imei: string) {
  const answer: Coverage = await expectDocumented(
    "/v1/coverage",
    await get(`/v1/coverage?imei=${imei}&hours=true`),
  );
  const [vehicle] = answer.vehicles;
  return vehicle && { have: vehicle.haveS, recovered: vehicle.recoveredS, missing: vehicle.missingS };
}

describe("what is known of a vehicle", () => {
  it("is all of its way where fixes are close, and nothing is expected where it stands", async () => {
    const imei = newImei();
    await addVehicle(imei, { account: "coverage" });
    await told(imei, drive(0, 30));
    await told(imei, [point(30, { gpsTime: vendorTime(START_S - 150 * MINUTE_S), gpsSpeed: 0 })]);
    await derived(imei);
    expect(await coverageOf(imei)).toEqual({ have: 30 * 60, recovered: 0, missing: 0 });
    expect(await gapsOf(imei)).toEqual([]);
  });

  it("lacks the time between two fixes that are apart in time and place, until points come", async () => {
    const imei = newImei();
    await addVehicle(imei, { account: "coverage" });
    await told(imei, [...drive(0, 20), ...drive(50, 70)]);
    await derived(imei);
    expect(await coverageOf(imei)).toEqual({ have: 40 * 60, recovered: 0, missing: 30 * 60 });
    expect(await gapsOf(imei)).toMatchObject([{ reason: "moved", state: "open", points: null }]);

    await told(imei, drive(21, 49));
    await derived(imei);
    await closeGaps(context());
    await derived(imei);
    expect(await coverageOf(imei)).toEqual({ have: 40 * 60, recovered: 30 * 60, missing: 0 });
    expect(await gapsOf(imei)).toMatchObject([{ state: "filled", points: 29 }]);
  });

  it("is the same whatever comes first, and when it comes twice", async () => {
    const [forwards, backwards] = [newImei(), newImei()];
    for (const imei of [forwards, backwards]) await addVehicle(imei, { account: "coverage" });
    const pieces = [drive(0, 25), drive(40, 60), drive(90, 100)];
    for (const piece of pieces) {
      await told(forwards, piece);
      await derived(forwards);
    }
    for (const piece of pieces.toReversed()) {
      await told(backwards, piece);
      await derived(backwards);
      await told(backwards, piece);
    }
    await derived(backwards);
    const expected = { have: (25 + 20 + 10) * 60, recovered: 0, missing: (15 + 30) * 60 };
    expect(await coverageOf(forwards)).toEqual(expected);
    expect(await coverageOf(backwards)).toEqual(expected);
  });
});

it("is judged span by span, and by satellites alone", async () => {
  const [spans, towers] = [newImei(), newImei()];
  await told(spans, drive(0, 270));
  await derived(spans);
  // Two changes of one round, with hours between them that are not looked at again.
  const late = (minute: number) => point(minute, { gpsTime: vendorTime(START_S - minute * MINUTE_S - 20) });
  await told(spans, [late(5), late(265)]);
  await derived(spans);
  expect(await gapsOf(spans)).toEqual([]);

  const standing = { gpsSpeed: 0, lat: -1.3 };
  await told(towers, [point(0, standing), point(120, standing)]);
  await told(towers, [point(60, { gpsSpeed: 0, lat: -1.2, posType: 2 })]);
  await derived(towers);
  expect(await gapsOf(towers)).toEqual([]);
});

describe("a gap", () => {
  it("is asked for on both sides of a fix that came by itself", async () => {
    const imei = newImei();
    await addVehicle(imei, { account: "coverage" });
    await told(imei, [...drive(0, 5), ...drive(60, 65)]);
    await derived(imei);
    await told(imei, [point(30)]);
    await derived(imei);
    await closeGaps(context());
    await derived(imei);
    await closeGaps(context());
    expect(await gapsOf(imei)).toMatchObject([
      { state: "open", points: null, tries: 1 },
      { state: "open", points: null, tries: 1 },
    ]);
    const [first, second] = await database()`
      select gap_from, gap_to from tracksolid.coverage_gaps where imei = ${imei} order by gap_from`;
    expect(first?.gap_to).toEqual(second?.gap_from);
  });

  it("is told once where it lies between days that are computed together", async () => {
    const imei = newImei();
    await addVehicle(imei, { account: "coverage" });
    const at = (lat: number, gpsTime: string) => point(0, { lat, gpsTime });
    await told(imei, [at(-1.2, "2026-11-10 22:00:00"), at(-1.3, "2026-11-10 23:30:00")]);
    await derived(imei);
    // The day of the fleet begins at 21:00 UTC.
    await told(imei, [at(-1.1, "2026-11-10 20:10:00"), at(-1.4, "2026-11-11 03:00:00")]);
    await derived(imei);
    expect(await gapsOf(imei)).toHaveLength(3);
    expect(
      await database()`
      select sum(missing_s)::int as s from reporting.coverage_hours where imei = ${imei}`,
    ).toEqual([{ s: (6 * 60 + 50) * 60 }]);
  });

  it("is asked for as far back as the vendor answers, and judged by that", async () => {
    const imei = newImei();
    const sql = database();
    const days = (count: number) => new Date(Date.now() - count * 86_400_000).toISOString();
    await addVehicle(imei, { account: "coverage" });
    await sql`
      insert into tracksolid.coverage_gaps (imei, gap_from, gap_to, reason, found_at, next_try_at)
      values (${imei}, ${days(100)}, ${days(88)}, 'moved', ${days(80)}, ${days(80)})`;
    await closeGaps(context());
    const runs = await sql`
      update private.job_windows set ended_at = now(), outcome = 'done'
      where job = 'tracks' and imeis::text like ${`%${imei}%`} returning run_id, from_time`;
    expect(runs).toHaveLength(2);
    for (const { from_time } of runs)
      expect(from_time.getTime()).toBeGreaterThan(Date.now() - 89.1 * 86_400_000);
    await sql`update private.job_runs set ended_at = now() - interval '10 minutes' where id = ${runs[0]?.run_id}`;
    await closeGaps(context());
    expect(await gapsOf(imei)).toMatchObject([{ state: "none", tries: 1 }]);
  });

  it("is asked for once, and closed when the vendor has none; later it is asked for again", async () => {
    const imei = newImei();
    const sql = database();
    await addVehicle(imei, { account: "coverage" });
    await told(imei, [...drive(0, 5), ...drive(60, 65)]);
    await derived(imei);
    await closeGaps(context());
    await closeGaps(context());
    const [gap] = await sql`select asked_run, tries from tracksolid.coverage_gaps where imei = ${imei}`;
    expect(gap).toMatchObject({ tries: 1 });
    const windows = await sql`
      select imeis::text, from_time, to_time from private.job_windows
      where run_id = ${gap?.asked_run} and imeis::text like ${`%${imei}%`}`;
    expect(windows).toHaveLength(1);

    // It was answered a while ago, with nothing.
    await sql`update private.job_windows set ended_at = now(), outcome = 'done' where run_id = ${gap?.asked_run}`;
    await sql`update private.job_runs set ended_at = now() - interval '10 minutes' where id = ${gap?.asked_run}`;
    await closeGaps(context());
    expect(await gapsOf(imei)).toMatchObject([{ state: "none", points: 0, tries: 1 }]);
    await sql`update tracksolid.coverage_gaps set next_try_at = now() - interval '1 second' where imei = ${imei}`;
    await closeGaps(context());
    expect(await gapsOf(imei)).toMatchObject([{ state: "none", tries: 2 }]);

    await told(imei, drive(6, 59));
    await derived(imei);
    await closeGaps(context());
    expect(await gapsOf(imei)).toMatchObject([{ state: "filled", points: 54 }]);
    const toldAgain = await sql`
      select w.job from private.job_runs join private.job_windows w on w.run_id = id
      where cause = 'gaps' and w.imeis::text like ${`%${imei}%`} and w.job <> 'tracks' order by w.job`;
    expect(toldAgain.map(({ job }) => job)).toEqual(["alarms", "parking", "trips"]);
  });

  it("is asked for again at once where its window failed", async () => {
    const imei = newImei();
    const sql = database();
    await addVehicle(imei, { account: "coverage" });
    await told(imei, [...drive(0, 5), ...drive(60, 65)]);
    await derived(imei);
    await closeGaps(context());
    const runOf = async () =>
      (await sql`select asked_run from tracksolid.coverage_gaps where imei = ${imei}`)[0]?.asked_run;
    const first = await runOf();
    await sql`
      update private.job_windows set ended_at = now(), outcome = 'failed', missing = imeis where run_id = ${first}`;
    await sql`update private.job_runs set ended_at = now() - interval '10 minutes' where id = ${first}`;
    await closeGaps(context());
    expect(await runOf()).not.toBe(first);
    // A time that could not be asked for is no try.
    expect(await gapsOf(imei)).toMatchObject([{ state: "open", tries: 1 }]);
  });

  it("is there where a device is heard of under way without fixes", async () => {
    const imei = newImei();
    const minutes = (count: number) => new Date(Date.now() - count * 60_000).toISOString();
    await addVehicle(
      imei,
      { account: "coverage" },
      { fix_at: minutes(60), contact_at: minutes(1), speed_kmh: 50, ignition: true, lat: -1.3, lng: 36.8 },
    );
    await closeGaps(context());
    expect(await gapsOf(imei)).toMatchObject([{ reason: "contact_only", state: "open" }]);
  });

  it("is asked for once while the device goes on without fixes: what follows is another", async () => {
    const imei = newImei();
    const sql = database();
    const minutes = (count: number) => new Date(Date.now() - count * 60_000).toISOString();
    await addVehicle(
      imei,
      { account: "coverage" },
      { fix_at: minutes(300), contact_at: minutes(120), speed_kmh: 50, ignition: true, lat: -1.3, lng: 36.8 },
    );
    await closeGaps(context());
    for (const contact of [60, 5]) {
      await sql`update tracksolid.live_positions set contact_at = ${minutes(contact)} where imei = ${imei}`;
      await closeGaps(context());
    }
    const gaps = await sql`
      select gap_from, gap_to, tries from tracksolid.coverage_gaps where imei = ${imei} order by gap_from`;
    expect(gaps).toMatchObject([{ tries: 1 }, { tries: 1 }, { tries: 1 }]);
    expect(gaps.map(({ gap_from }) => gap_from).slice(1)).toEqual(
      gaps.map(({ gap_to }) => gap_to).slice(0, -1),
    );
  });

  it("has those of the same hours asked about together once they are filled", async () => {
    const [one, other] = [newImei(), newImei()];
    const sql = database();
    for (const imei of [one, other]) {
      await addVehicle(imei, { account: "coverage" });
      const hour = Math.floor(Date.now() / 3_600_000) * 3_600_000 - 4 * 3_600_000;
      const at = (minute: number) => new Date(hour + minute * 60_000).toISOString();
      const shift = imei === one ? 0 : 7;
      const fixes = [10 + shift, 20 + shift, 30 + shift].map((minute) =>
        point(minute, { gpsTime: at(minute).slice(0, 19).replace("T", " ") }),
      );
      await told(imei, fixes);
      await sql`
        insert into tracksolid.coverage_gaps (imei, gap_from, gap_to, reason, found_at, next_try_at)
        values (${imei}, ${at(10 + shift)}, ${at(30 + shift)}, 'moved', ${at(40)}, ${at(40)})`;
    }
    await closeGaps(context());
    const windows = await sql`
      select w.imeis from private.job_runs join private.job_windows w on w.run_id = id
      where cause = 'gaps' and w.job = 'trips' and w.imeis::text like ${`%${one}%`}`;
    expect(windows).toHaveLength(1);
    expect(JSON.stringify(windows[0]?.imeis)).toContain(other);
  });

  it("leaves what follows of it to the next hour where it cannot be planned", async () => {
    const imei = newImei();
    const sql = database();
    await addVehicle(imei, { account: "coverage" });
    await told(imei, [...drive(0, 5), ...drive(60, 65)]);
    await derived(imei);
    await told(imei, drive(6, 59));
    await derived(imei);
    // What gaps of other tests have with the queue leaves no room to send anything.
    await sql`delete from private.job_runs where cause = 'gaps'`;
    const JOBS = { sendBatch: () => Promise.reject(new Error("the queue is away")) };
    await expect(closeGaps({ ...context(), env: { ...env, JOBS } as unknown as Env })).rejects.toThrow(
      "the queue is away",
    );
    const toldAgain = await sql`
      select w.job from private.job_runs join private.job_windows w on w.run_id = id
      where cause = 'gaps' and w.imeis::text like ${`%${imei}%`} and w.job <> 'tracks' order by w.job`;
    // Nobody else's queue is to have them.
    await sql`
      delete from private.job_runs where cause = 'gaps' and id in (
        select run_id from private.job_windows where sent_at is null and imeis::text like ${`%${imei}%`}
      )`;
    expect(toldAgain.map(({ job }) => job)).toEqual(["alarms", "parking", "trips"]);
  });
});
