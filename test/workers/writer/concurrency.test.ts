import { expect, it } from "vitest";
import { figure, size } from "../../setup/size.ts";
import { database, deliver, locationItem, messageOf, newImei, vendorTime } from "./deliver.ts";

const VEHICLES = size(60, 1_500);
const ROUNDS = size(12, 40);
const PER_MESSAGE = 150;

it(
  "writes overlapping vehicles from four consumers at once, without a deadlock and without a loss",
  async () => {
    const imeis = Array.from({ length: VEHICLES }, newImei);
    /** Each consumer meets the vehicles in another order and other fixes of each. */
    const consumer = async (number: number) => {
      let outcome = { acked: 0, retried: 0 };
      for (let round = 0; round < ROUNDS; round++) {
        const order = [...imeis].sort(() => Math.random() - 0.5);
        const items = order.map((imei) =>
          locationItem(imei, { gpsTime: vendorTime(1 + number + 4 * round), account: `owner ${number}` }),
        );
        const messages = [];
        for (let start = 0; start < items.length; start += PER_MESSAGE) {
          messages.push(messageOf("location", items.slice(start, start + PER_MESSAGE)));
        }
        const { acked, retried } = await deliver(messages);
        outcome = { acked: outcome.acked + acked, retried: outcome.retried + retried };
      }
      return outcome;
    };
    const startedMs = Date.now();
    const outcomes = await Promise.all([0, 1, 2, 3].map(consumer));
    const seconds = (Date.now() - startedMs) / 1000;
    const messages = ROUNDS * Math.ceil(VEHICLES / PER_MESSAGE);
    expect(outcomes).toEqual(Array(4).fill({ acked: messages, retried: 0 }));
    figure(
      "four consumers",
      `${VEHICLES * 4 * ROUNDS} fixes of ${VEHICLES} vehicles in ${seconds} s, no retry`,
    );

    const [stored] = await database()`
    with ours as (select json_array_elements_text(${JSON.stringify(imeis)}::text::json) as imei)
    select
      (select count(*)::int from tracksolid.position_history h join ours using (imei)) as fixes,
      (select count(*)::int from tracksolid.live_positions l join ours using (imei)
        where l.fix_at = (select max(gps_time) from tracksolid.position_history h where h.imei = l.imei)) as live,
      (select count(*)::int from tracksolid.devices d join ours using (imei)) as devices`;
    expect(stored).toEqual({ fixes: VEHICLES * 4 * ROUNDS, live: VEHICLES, devices: VEHICLES });
  },
  size(30_000, 300_000),
);

it(
  "keeps the same broken items from four consumers once, without a deadlock",
  async () => {
    const broken = Array.from({ length: VEHICLES }, () =>
      locationItem(newImei(), { gpsTime: "2019-01-01 00:00:00" }),
    );
    const consumer = async () => {
      let retried = 0;
      for (let round = 0; round < ROUNDS; round++) {
        const order = [...broken].sort(() => Math.random() - 0.5);
        retried += (await deliver([messageOf("location", order)])).retried;
      }
      return retried;
    };
    expect(await Promise.all([0, 1, 2, 3].map(consumer))).toEqual([0, 0, 0, 0]);
    const [kept] = await database()`
    select count(*)::int as items from private.rejected_items
    where imei in (select json_array_elements_text(${JSON.stringify(broken.map(({ imei }) => imei))}::text::json))`;
    expect(kept?.items).toBe(VEHICLES);
  },
  size(30_000, 300_000),
);
