import { backlogOf } from "../../api/backlog.ts";
import type { AlertRuleName, Finding } from "../rules.ts";

export const QUEUE_RULES = ["backlog_old"] as const satisfies AlertRuleName[];

/** Ten batches' worth of time: what waits longer is not being taken. */
const OLD_S = 10 * 60;

/** Whether what was taken in is written soon. @throws where the queue does not say */
export async function askQueue(env: Env): Promise<Finding[]> {
  const backlog = await backlogOf(env);
  if (backlog === null) throw new Error("The queue does not say what waits in it");
  const { messages, oldestAgeS } = backlog;
  if (oldestAgeS === null || oldestAgeS < OLD_S) return [];
  const text = `${messages} wait, the oldest for ${Math.round(oldestAgeS / 60)} min`;
  return [{ rule: "backlog_old", subject: "", text }];
}
