import { env } from "cloudflare:workers";
import { expect, it } from "vitest";
import type { RunRecord } from "../../../shared/message.ts";
import { dispatchBatch } from "../../../workers/queue/dispatch.ts";
import { database, deliver, locationItem, messageOf, newImei } from "./deliver.ts";

const runOf = (change: Partial<RunRecord>): RunRecord => ({
  id: crypto.randomUUID(),
  job: "live",
  runAt: new Date().toISOString(),
  durationMs: 1200,
  success: true,
  apiCalls: 3,
  rowsReceived: 2,
  accountsListed: null,
  vehiclesListed: null,
  errorCode: null,
  error: null,
  ...change,
});

async function logged(id: string) {
  const [row] = await database()`select * from tracksolid.ingestion_log where run_id = ${id}`;
  return row;
}

it("counts whom the vendor left out of a whole list", async () => {
  const account = crypto.randomUUID();
  const imeis = [newImei(), newImei(), newImei()];
  await deliver([
    messageOf(
      "device",
      imeis.map((imei) => ({ imei })),
      { account },
    ),
  ]);
  const run = runOf({ accountsListed: [account], vehiclesListed: 2, rowsReceived: 3 });
  await deliver([messageOf("run", [run])]);
  expect(await logged(run.id)).toMatchObject({
    endpoint: "live",
    vehicles_left_out: 1,
    success: true,
    api_calls: 3,
  });
});

it("logs a run once, however often it is delivered", async () => {
  const run = runOf({ success: false, errorCode: "busy", error: "system busy" });
  await deliver([messageOf("run", [run]), messageOf("run", [run])]);
  await deliver([messageOf("run", [run])]);
  expect(await logged(run.id)).toMatchObject({ success: false, error_code: "busy", vehicles_left_out: null });
});

it("logs a batch with the counts its statements returned", async () => {
  const imei = newImei();
  const item = locationItem(imei, { deviceName: crypto.randomUUID() });
  const newestBatch = async () => {
    const [row] = await database()`
      select rows_received, rows_inserted, rows_updated, rows_duplicate, rows_rejected from tracksolid.ingestion_log
      where endpoint = 'writer' and rows_received = 41 order by run_id desc limit 1`;
    return row;
  };
  // As many as no other test sends at the same time.
  const message = () => messageOf("location", [...Array(40).fill(item), "broken"]);
  await deliver([message()]);
  expect(await newestBatch()).toEqual({
    rows_received: 41,
    rows_inserted: 1,
    rows_updated: 0,
    rows_duplicate: 0,
    rows_rejected: 1,
  });
  await deliver([message()]);
  expect(await newestBatch()).toEqual({
    rows_received: 41,
    rows_inserted: 0,
    rows_updated: 0,
    rows_duplicate: 1,
    rows_rejected: 1,
  });
});

it("leaves the batch of an unknown queue where it is", async () => {
  const batch = { queue: "tracksolid-other-dev", messages: [] } as unknown as MessageBatch;
  await expect(dispatchBatch(batch, env)).rejects.toThrow("tracksolid-other-dev");
});
