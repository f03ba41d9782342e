import type postgres from "postgres";
import { getDetail } from "../../shared/jimi/methods.ts";
import { log } from "../../shared/log.ts";
import { settings } from "../../shared/settings.ts";
import { nowMs, toIso } from "../../shared/time.ts";
import { sendItems } from "../queue/send.ts";
import selectDue from "./details-due.sql";
import type { PollContext, PollOutcome } from "./outcome.ts";
import { advanceWatermarks } from "./watermarks.ts";

/** At two calls a second some four minutes of an hourly run, and 9,600 devices a day. */
const MAX_PER_RUN = 400;

/** So many details travel together; a run that dies repeats at most these. */
const PER_MESSAGE = 25;

const JOB = "device-detail";

/** Asks for the details that are due, oldest first, and adds to the outcome. */
export async function fetchDetails(
  { env, client, runId, startedMs }: PollContext,
  sql: postgres.Sql,
  listed: string[],
  outcome: PollOutcome,
): Promise<void> {
  const coveredBefore = toIso(startedMs - settings.detailEveryS * 1000);
  const due = await sql.unsafe<{ imei: string }[]>(
    selectDue,
    [JOB, JSON.stringify(listed), coveredBefore, MAX_PER_RUN],
    { prepare: true },
  );
  for (let start = 0; start < due.length; start += PER_MESSAGE) {
    const items: unknown[] = [];
    const answered: string[] = [];
    for (const { imei } of due.slice(start, start + PER_MESSAGE)) {
      const answer = await getDetail(client, imei);
      if (answer.ok) {
        items.push(...answer.value);
        answered.push(imei);
      } else if (answer.failure.kind === "illegal_device") {
        // Listed, yet not ours to look at: asked again tomorrow.
        log("warn", "detail_refused_by_vendor", { runId, imei });
        answered.push(imei);
      } else {
        outcome.failures.push({ what: "device detail", failure: answer.failure });
        break;
      }
    }
    const receivedAt = toIso(nowMs());
    await sendItems(env, { receipt: runId, kind: "device_detail", account: null, receivedAt }, items);
    await advanceWatermarks(sql, JOB, answered, receivedAt);
    outcome.itemsReceived += items.length;
    if (outcome.failures.length > 0) return;
  }
}
