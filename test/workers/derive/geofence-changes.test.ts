import { env } from "cloudflare:workers";
import { expect, it } from "vitest";
import { computeGeofences } from "../../../workers/derive/compute-geofences.ts";
import { emptyOutcome } from "../../../workers/polls/outcome.ts";
import { database, deliver, newImei } from "../writer/deliver.ts";
import { DAY_S, type Fix, messagesOf } from "./days.ts";
import { newFence, north, strip, visitsOf } from "./fences.ts";
import { alone, derived, PATIENCE_MS, run } from "./run.ts";

const fixAt = (atS: number, km: number): Fix => ({
  ...{ atS, northKm: north(km), speedKmh: 30, ignition: true, odometerKm: 1 },
});

/** Delivers fixes, and computes. */
async function drove(imei: string, ...fixes: Fix[]): Promise<void> {
  await deliver(messagesOf(imei, fixes));
  await derived(imei);
}

/** Runs the job until no geofence is left to compute. */
async function settled(id: number): Promise<void> {
  const left = async () => {
    await run();
    return database()`select from private.dirty_geofences where geofence_id = ${id}`;
  };
  await expect.poll(left, { timeout: PATIENCE_MS }).toEqual([]);
}

const entries = async (imei: string, id: number) =>
  (await visitsOf(imei, id)).map(({ enteredAt }) => enteredAt);

it("has the visits of the past once it is added, changed or enabled, and none while it is not", async () => {
  const [imei, sole] = [newImei(), newImei()];
  await drove(
    imei,
    fixAt(0, 3),
    fixAt(60, 1.5),
    fixAt(120, 3),
    fixAt(5 * DAY_S, 5),
    fixAt(5 * DAY_S + 60, 1.5),
  );
  await drove(sole, fixAt(0, 1.5));
  await using fence = await newFence(1, 2);
  const sql = database();
  const change = async (statement: Promise<unknown>) => {
    await statement;
    await settled(fence.id);
    return entries(imei, fence.id);
  };
  await settled(fence.id);
  expect(await entries(imei, fence.id)).toEqual([60, 5 * DAY_S + 60]);
  expect(await entries(sole, fence.id)).toEqual([0]);

  const moved = JSON.stringify({ type: "Polygon", coordinates: [strip(4, 6)] });
  expect(
    await change(sql`
      update tracksolid.geofences set geometry = ${moved}::text::jsonb where geofence_id = ${fence.id}`),
  ).toEqual([5 * DAY_S]);
  expect(await entries(sole, fence.id)).toEqual([]);
  const enable = (enabled: boolean) => sql`
    update tracksolid.geofences set enabled = ${enabled} where geofence_id = ${fence.id}`;
  expect(await change(enable(false))).toEqual([]);
  await drove(imei, fixAt(6 * DAY_S, 5));
  expect(await entries(imei, fence.id)).toEqual([]);
  expect(await change(enable(true))).toEqual([5 * DAY_S, 6 * DAY_S]);

  // A name is no reason to compute anything.
  const name = crypto.randomUUID();
  await sql`update tracksolid.geofences set name = ${name}, min_stay_s = 0 where geofence_id = ${fence.id}`;
  expect(await sql`select from private.dirty_geofences where geofence_id = ${fence.id}`).toEqual([]);
  expect(await entries(imei, fence.id)).toEqual([5 * DAY_S, 6 * DAY_S]);

  await sql`delete from tracksolid.geofences where geofence_id = ${fence.id}`;
  expect(await entries(imei, fence.id)).toEqual([]);
  expect(await sql`select from tracksolid.geofence_crossings where geofence_id = ${fence.id}`).toEqual([]);
  await drove(imei, fixAt(7 * DAY_S, 5));
});

it("goes on where a run left off, with what a full recompute gives", async () => {
  const imei = newImei();
  // More days of one vehicle than a round takes, from fix to fix a day.
  const days = 250;
  const fixes = Array.from({ length: days }, (_, day) => [
    fixAt(-day * DAY_S, 1.5),
    fixAt(60 - day * DAY_S, 3),
  ]);
  await drove(imei, ...fixes.flat());
  await using atOnce = await newFence(1, 2);
  await settled(atOnce.id);
  await using fence = await newFence(1, 2);
  // Nobody else computes meanwhile.
  await using lease = await alone();
  expect(lease.held).toBe(true);
  const progress = async () =>
    (
      await database()`select done_imei, done_to::text from private.dirty_geofences where geofence_id = ${fence.id}`
    )[0];
  const seen = new Set<string>();
  for (let left = await progress(); left; left = await progress()) {
    seen.add(`${left.done_imei} ${left.done_to}`);
    // Time for one round, as if it were killed after it.
    const deadlineMs = Date.now() + 1;
    const context = {
      env,
      runId: crypto.randomUUID(),
      startedMs: deadlineMs,
      deadlineMs,
      outcome: emptyOutcome(),
    };
    await computeGeofences(database(), context);
    expect(context.outcome.failures).toEqual([]);
  }
  expect(seen.size).toBeGreaterThan(2);
  expect(await visitsOf(imei, fence.id)).toHaveLength(days);
  expect(await visitsOf(imei, fence.id)).toEqual(await visitsOf(imei, atOnce.id));
});

it("begins anew when it is changed while it is computed", async () => {
  const imei = newImei();
  await drove(imei, fixAt(0, 1.5), fixAt(60, 5), fixAt(DAY_S, 1.5));
  await using fence = await newFence(1, 2);
  const sql = database();
  const moved = JSON.stringify({ type: "Polygon", coordinates: [strip(4, 6)] });
  let slow: Promise<unknown> | undefined;
  await sql.begin(async (tx) => {
    // The run waits for this row when it notes that it is done.
    await tx`update tracksolid.geofences set geometry = ${moved}::text::jsonb where geofence_id = ${fence.id}`;
    slow = run();
    await new Promise((resolve) => setTimeout(resolve, 500));
  });
  await slow;
  await settled(fence.id);
  expect(await entries(imei, fence.id)).toEqual([60]);
});

it("tells who is inside now, but no vehicle that is hidden on maps and no canary", async () => {
  const all = [newImei(), newImei(), newImei(), newImei()] as const;
  const [seen, hidden, canary, left] = all;
  await using fence = await newFence(1, 2);
  for (const imei of [seen, hidden, canary]) await drove(imei, fixAt(0, 3), fixAt(60, 1.5));
  await drove(left, fixAt(0, 1.5), fixAt(60, 3));
  const sql = database();
  await sql`update tracksolid.devices set hidden_on_map = true where imei = ${hidden}`;
  await sql`update tracksolid.devices set kind = 'canary' where imei = ${canary}`;
  const asOf = "2026-10-05T21:05:00Z";
  const rows = await sql`
    select imei, entered_at, fix_at from reporting.fn_inside_geofences(${asOf}) where geofence_id = ${fence.id}
      and imei in ${sql(all)}`;
  const enteredAt = new Date("2026-10-05T21:01:00Z");
  expect(rows).toEqual([{ imei: seen, entered_at: enteredAt, fix_at: enteredAt }]);
  const visited = await sql`
    select imei from reporting.v_geofence_visits where geofence_id = ${fence.id} and imei in ${sql(all)} order by imei`;
  expect(visited.map(({ imei }) => imei)).toEqual([seen, hidden, left]);
});
