import { openDatabase } from "../../shared/database.ts";
import { newId } from "../../shared/ids.ts";
import { settings } from "../../shared/settings.ts";
import type { JobContext } from "./outcome.ts";
import { isOff } from "./schedule.ts";
import { planSpan } from "./windows/plan-run.ts";
import { sendWindows } from "./windows/send-windows.ts";
import type { WindowedJobName } from "./windows/windowed-jobs.ts";

/** Tracks are looked at by their gaps. */
const JOBS: WindowedJobName[] = ["trips", "parking", "alarms", "obd"];

/** Every night: the last two days again. What reached the vendor late changed what it tells of them. */
export async function lookAgain({ env, startedMs }: JobContext): Promise<void> {
  const sql = openDatabase(env.DB_INGEST);
  const span = { fromMs: startedMs - settings.secondLookS * 1000, toMs: startedMs };
  const looked = await Promise.allSettled(
    JOBS.filter((job) => !isOff(env, job)).map(async (job) => {
      await planSpan(sql, { id: newId(), job, cause: "second_look", plannedMs: startedMs }, span, null);
      await sendWindows(env, sql, job);
    }),
  );
  // One that fails keeps no other from being looked at.
  for (const result of looked) if (result.status === "rejected") throw result.reason;
}
