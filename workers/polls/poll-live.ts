import { listLocations } from "../../shared/jimi/methods.ts";
import { nowMs, toIso } from "../../shared/time.ts";
import { sendItems } from "../queue/send.ts";
import { emptyOutcome, type PollContext, type PollOutcome } from "./outcome.ts";

/**
 * Every minute: the last position of every device of every account. Touches no database. One account that
 * fails does not keep the others from being sent.
 */
export async function pollLive({ env, config, client, runId }: PollContext): Promise<PollOutcome> {
  const outcome = emptyOutcome();
  outcome.accountsListed = [];
  for (const account of config.TRACKSOLID_TARGETS) {
    const answer = await listLocations(client, account);
    if (!answer.ok) {
      outcome.failures.push({ what: account, failure: answer.failure });
      continue;
    }
    const receivedAt = toIso(nowMs());
    await sendItems(env, { receipt: runId, kind: "location", account, receivedAt }, answer.value);
    outcome.itemsReceived += answer.value.length;
    outcome.accountsListed.push(account);
  }
  return outcome;
}
