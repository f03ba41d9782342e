import { expect, it } from "vitest";
import { Producer } from "../ledger/producer.ts";
import { database, deliver, locationItem, newImei, vendorTime } from "../writer/deliver.ts";
import { admin, expectProblem, query } from "./caller.ts";
import { expectDocumented } from "./document.ts";

interface Reasons {
  reasons: {
    reason: string;
    kind: string;
    items: number;
    vehicles: number;
    firstAt: string;
    lastAt: string;
  }[];
}

const ask = async (values: Record<string, string>) => (await admin())(`/v1/rejected/reasons${query(values)}`);

const reasons = async (values: Record<string, string>) =>
  (await expectDocumented<Reasons>("/v1/rejected/reasons", await ask(values))).reasons;

it("counts what waits by reason and kind, the most first", async () => {
  const imei = newImei();
  const [first, last] = [2, 1].map((hours) => new Date(Date.now() - hours * 3_600_000).toISOString());
  const broken = (gpsTime: string) => locationItem(imei, { gpsTime, hbTime: vendorTime(30) });
  await deliver([
    new Producer().of([broken("?"), broken("??")], { receivedAt: first }),
    new Producer().of([broken("???"), broken(vendorTime(-10 * 24 * 3600))], { receivedAt: last }),
  ]);
  const [unreadable, ahead, ...none] = await reasons({ imei });
  expect(none).toEqual([]);
  expect(unreadable).toEqual({
    ...{ reason: "time_unreadable", kind: "location", items: 3, vehicles: 1 },
    ...{ firstAt: first, lastAt: last },
  });
  expect(ahead).toMatchObject({ reason: "time_out_of_range", items: 1, firstAt: last });
  expect(await reasons({ imei, to: String(last) })).toEqual([{ ...unreadable, items: 2, lastAt: first }]);
  expect(await reasons({ imei, kind: "pushgps" })).toEqual([]);
  await database()`update private.rejected_items set redriven_at = now() where imei = ${imei}`;
  expect(await reasons({ imei })).toEqual([]);
});

it("refuses what it cannot filter by", async () => {
  const backwards = { from: "2026-01-02T00:00:00Z", to: "2026-01-01T00:00:00Z" };
  expect(await expectProblem(await ask(backwards), "invalid_request")).toContain("before to");
  expect(await expectProblem(await ask({ imei: "'; drop" }), "invalid_request")).toContain("imei");
});
