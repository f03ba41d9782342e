import { expect, it } from "vitest";
import { figure, size } from "../../../setup/size.ts";
import { database, deliver, newImei, vendorTime } from "../deliver.ts";
import { pushOf } from "./push.ts";

const VEHICLES = size(40, 500);
const ROUNDS = size(8, 30);

it(
  "writes every table from four consumers at once, without a deadlock and without a loss",
  async () => {
    const imeis = Array.from({ length: VEHICLES }, newImei);
    const consumer = async (number: number) => {
      let retried = 0;
      for (let round = 0; round < ROUNDS; round++) {
        const order = imeis.toSorted(() => Math.random() - 0.5);
        const agoS = 1 + number + 4 * round;
        const named = order.map((imei) => ({ deviceImei: imei, gateTime: vendorTime(agoS) }));
        const alarm = (msg: Record<string, unknown>) => named.map((item) => ({ ...item, msg }));
        const outcome = await deliver([
          pushOf("pushhb", named),
          pushOf("pushobd", named),
          pushOf("pushfaultinfo", named),
          pushOf("pushoil", named),
          pushOf("pushtem", named),
          pushOf("pushlbs", named),
          pushOf("pushevent", named),
          pushOf("pushalarm", alarm({ alertType: 48 })),
          pushOf("pushalarm", alarm({ alertType: "removeAlarmType", removeAlarmType: 48 })),
          pushOf(
            "pushtripreport",
            named.map((item) => ({
              ...item,
              startTime: vendorTime(agoS + 100 * (round % 3)),
              endTime: vendorTime(agoS - 10),
            })),
          ),
        ]);
        retried += outcome.retried;
      }
      return retried;
    };
    const startedMs = Date.now();
    expect(await Promise.all([0, 1, 2, 3].map(consumer))).toEqual([0, 0, 0, 0]);
    figure(
      "four consumers of pushes",
      `${VEHICLES * 4 * ROUNDS * 10} items in ${(Date.now() - startedMs) / 1000} s, no retry`,
    );

    const ours = JSON.stringify(imeis);
    const [stored] = await database()`
      with ours as (select json_array_elements_text(${ours}::text::json) as imei)
      select
        (select count(*)::int from tracksolid.heartbeats join ours using (imei)) as heartbeats,
        (select count(*)::int from tracksolid.device_events join ours using (imei)) as events,
        (select count(*)::int from tracksolid.alarms join ours using (imei) where ended_at = alarm_time) as alarms,
        (select count(*)::int from tracksolid.trips a join ours using (imei) join tracksolid.trips b using (imei)
          where a.start_time < b.start_time and a.end_time > b.start_time) as overlapping`;
    const all = VEHICLES * 4 * ROUNDS;
    expect(stored).toEqual({ heartbeats: all, events: all, alarms: all, overlapping: 0 });
  },
  size(60_000, 600_000),
);
