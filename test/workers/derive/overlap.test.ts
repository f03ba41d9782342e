import { expect, it } from "vitest";
import { database, deliver, messageOf, newImei, vendorTime } from "../writer/deliver.ts";
import { run } from "./run.ts";

const deliverPoint = (imei: string, agoS: number) =>
  deliver([
    messageOf(
      "track_point",
      [{ lat: -1.3 - agoS / 1e5, lng: 36.8, gpsTime: vendorTime(agoS), gpsSpeed: 40 }],
      {
        imei,
      },
    ),
  ]);

it("computes a day again that another run computed meanwhile", async () => {
  const imei = newImei();
  const sql = database();
  for (const agoS of [3_600, 3_500]) await deliverPoint(imei, agoS);
  await run();
  await deliverPoint(imei, 3_400);
  let slow: Promise<void> | undefined;
  await sql.begin(async (other) => {
    await other`update reporting.coverage_hours set have_s = have_s where imei = ${imei}`;
    slow = run();
    const waiting = async () =>
      (
        await sql`select from pg_stat_activity where wait_event_type = 'Lock' and query like '%how much is known%'`
      ).length;
    await expect.poll(waiting, { timeout: 5_000 }).toBeGreaterThan(0);
    // The other run saw one more point than the slow one, which is about to write what it makes of less.
    await deliverPoint(imei, 3_300);
    await other`delete from private.dirty_days where imei = ${imei}`;
  });
  await slow;
  const known = async () => {
    await run();
    const [row] = await sql`select sum(have_s)::int as s from reporting.coverage_hours where imei = ${imei}`;
    return row?.s;
  };
  await expect.poll(known).toBe(300);
});
