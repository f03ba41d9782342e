import type postgres from "postgres";
import selectDue from "#sql/workers/polls/details-due.sql";
import { concernsOnlyRequest } from "../../shared/jimi/failures.ts";
import { getDetail } from "../../shared/jimi/methods.ts";
import { log } from "../../shared/log.ts";
import { settings } from "../../shared/settings.ts";
import { nowMs, toIso } from "../../shared/time.ts";
import { sendPolled } from "../queue/send.ts";
import type { PollContext } from "./outcome.ts";
import { noteAsked } from "./watermarks.ts";

/** At two calls a second some six minutes of an hourly run, and 16,800 devices a day. */
const MAX_PER_RUN = 700;

/** So many details travel together; a run that dies repeats at most these. */
const PER_MESSAGE = 25;

/** Its name among the watermarks. */
export const DETAIL_JOB = "device-detail";

/** Asks for the details that are due, oldest first, and adds to the outcome. */
export async function fetchDetails(
  { env, client, runId, startedMs, deadlineMs, outcome }: PollContext,
  sql: postgres.Sql,
  listed: string[],
): Promise<void> {
  const coveredBefore = toIso(startedMs - settings.detailEveryS * 1000);
  const due = await sql.unsafe<{ imei: string }[]>(
    selectDue,
    [DETAIL_JOB, JSON.stringify(listed), coveredBefore, MAX_PER_RUN],
    { prepare: true },
  );
  for (let start = 0; start < due.length && nowMs() < deadlineMs; start += PER_MESSAGE) {
    const items: unknown[] = [];
    const asked: string[] = [];
    let stopped = false;
    for (const { imei } of due.slice(start, start + PER_MESSAGE)) {
      const answer = await getDetail(client, imei);
      if (answer.ok) {
        items.push(...answer.value);
      } else if (answer.failure.kind === "illegal_device") {
        log("warn", "detail_refused_by_vendor", { runId, imei });
      } else {
        outcome.failures.push({ what: `detail of ${imei}`, failure: answer.failure });
        stopped = !concernsOnlyRequest(answer.failure);
      }
      if (stopped) break;
      // Also one without an answer: it must not stand before the others again.
      asked.push(imei);
    }
    const receivedAt = toIso(nowMs());
    await sendPolled(env, { receipt: runId, kind: "device_detail", account: null, receivedAt }, items);
    await noteAsked(sql, DETAIL_JOB, asked, receivedAt);
    outcome.itemsReceived += items.length;
    if (stopped) return;
  }
}
