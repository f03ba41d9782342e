import { openDatabase } from "../../shared/database.ts";
import { listDevices } from "../../shared/jimi/methods.ts";
import { readImei } from "../../shared/jimi/values.ts";
import type { SweepRecord } from "../../shared/message.ts";
import { nowMs, toIso } from "../../shared/time.ts";
import { sendItems } from "../queue/send.ts";
import { fetchDetails } from "./fetch-details.ts";
import { takeLease } from "./lease.ts";
import { emptyOutcome, type PollContext, type PollOutcome } from "./outcome.ts";

/**
 * Every hour: the device list of every account, then the detail of devices whose detail is a day old.
 * Devices that no account lists any more are disabled, but only when every account answered with devices:
 * an outage or an empty answer must not empty the map.
 */
export async function syncDevices(context: PollContext): Promise<PollOutcome> {
  const { env, config, client, runId, startedMs } = context;
  const outcome = emptyOutcome();
  const sql = openDatabase(env.DB_INGEST);
  await using lease = await takeLease(sql, "devices", runId, 15 * 60);
  if (!lease.held) {
    outcome.postponed = `run ${lease.holder} is at it`;
    return outcome;
  }

  const listed = new Set<string>();
  for (const account of config.TRACKSOLID_TARGETS) {
    const answer = await listDevices(client, account);
    if (!answer.ok) {
      outcome.failures.push({ what: account, failure: answer.failure });
      continue;
    }
    if (answer.value.length === 0) {
      const message = `Tracksolid lists no device for ${account}: nothing is disabled`;
      outcome.failures.push({ what: account, failure: { kind: "rejected", message } });
      continue;
    }
    const receivedAt = toIso(nowMs());
    await sendItems(env, { receipt: runId, kind: "device", account, receivedAt }, answer.value);
    outcome.itemsReceived += answer.value.length;
    for (const item of answer.value) {
      const imei = readImei((item as { imei?: unknown } | null)?.imei);
      if (imei !== null) listed.add(imei);
    }
  }
  if (outcome.failures.length === 0 && listed.size > 0) {
    const sweep: SweepRecord = { startedAt: toIso(startedMs), devices: listed.size };
    await sendItems(env, { receipt: runId, kind: "sweep", account: null, receivedAt: sweep.startedAt }, [
      sweep,
    ]);
  }
  await fetchDetails(context, sql, [...listed], outcome);
  return outcome;
}
