import { listLocations } from "../../shared/jimi/methods.ts";
import { nowMs, toIso } from "../../shared/time.ts";
import { sendItems } from "../queue/send.ts";
import { emptyOutcome, type PollContext, type PollOutcome } from "./outcome.ts";

/** Accounts asked side by side: a hanging one holds up itself, and a 1006 meets few calls under way. */
const LANES = 3;

/**
 * Every minute: the last position of every device of every account. Touches no database. One account that
 * fails does not keep the others from being sent.
 */
export async function pollLive({ env, config, client, runId }: PollContext): Promise<PollOutcome> {
  const outcome = emptyOutcome();
  const accountsListed: string[] = [];
  outcome.accountsListed = accountsListed;
  const accounts = config.TRACKSOLID_TARGETS.values();
  const lane = async () => {
    for (const account of accounts) {
      const answer = await listLocations(client, account);
      if (!answer.ok) {
        outcome.failures.push({ what: account, failure: answer.failure });
        continue;
      }
      const receivedAt = toIso(nowMs());
      await sendItems(env, { receipt: runId, kind: "location", account, receivedAt }, answer.value);
      outcome.itemsReceived += answer.value.length;
      accountsListed.push(account);
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  return outcome;
}
