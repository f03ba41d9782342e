import { openDatabase } from "../../shared/database.ts";
import { getLocations, MAX_IMEIS_PER_CALL } from "../../shared/jimi/methods.ts";
import { log } from "../../shared/log.ts";
import { settings } from "../../shared/settings.ts";
import { nowMs, toIso } from "../../shared/time.ts";
import { sendItems } from "../queue/send.ts";
import selectLeftOut from "./left-out.sql";
import { emptyOutcome, type PollContext, type PollOutcome } from "./outcome.ts";
import { advanceWatermarks } from "./watermarks.ts";

/** Calls of one run: a minute of the vendor's pace at most. Who was asked longest ago comes first. */
const MAX_CALLS = 100;

const JOB = "left-out";

/**
 * Every ten minutes: devices that are enabled but were not heard of are asked for by name, since the
 * account list silently leaves some out (reference §2.6). A device the vendor refuses costs only itself.
 */
export async function askLeftOut({ env, client, runId, startedMs }: PollContext): Promise<PollOutcome> {
  const outcome = emptyOutcome();
  const sql = openDatabase(env.DB_INGEST);
  const silentSince = toIso(startedMs - settings.askAgainAfterS * 1000);
  const imeis = (
    await sql.unsafe<{ imei: string }[]>(selectLeftOut, [JOB, silentSince, MAX_CALLS * MAX_IMEIS_PER_CALL])
  ).map((row) => row.imei);

  for (let start = 0; start < imeis.length; start += MAX_IMEIS_PER_CALL) {
    const asked = imeis.slice(start, start + MAX_IMEIS_PER_CALL);
    const answer = await getLocations(client, asked);
    if (!answer.ok) {
      outcome.failures.push({ what: "location.get", failure: answer.failure });
      return outcome;
    }
    const receivedAt = toIso(nowMs());
    const { items, illegal } = answer.value;
    await sendItems(env, { receipt: runId, kind: "location", account: null, receivedAt }, items);
    await advanceWatermarks(sql, JOB, asked, receivedAt);
    outcome.itemsReceived += items.length;
    if (illegal.length > 0) {
      log("warn", "devices_refused_by_vendor", {
        runId,
        devices: illegal.length,
        imeis: illegal.slice(0, 10).join(","),
      });
    }
  }
  return outcome;
}
