import { log, messageOf } from "../../shared/log.ts";
import { nowMs } from "../../shared/time.ts";

/** What waits for the writer; null when the queue does not say. */
export async function backlogOf(env: Env) {
  try {
    const { backlogCount, backlogBytes, oldestMessageTimestamp } = await env.WRITES.metrics();
    const oldestMs = oldestMessageTimestamp?.getTime() ?? 0;
    const oldestAgeS = backlogCount > 0 && oldestMs > 0 ? (nowMs() - oldestMs) / 1000 : null;
    return { messages: backlogCount, bytes: backlogBytes, oldestAgeS };
  } catch (error) {
    log("warn", "backlog_unknown", { error: messageOf(error) });
    return null;
  }
}
