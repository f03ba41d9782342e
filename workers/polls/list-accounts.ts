import type { JimiItems } from "../../shared/jimi/methods.ts";
import { readImei } from "../../shared/jimi/values.ts";
import type { MessageKind } from "../../shared/message.ts";
import { nowMs, toIso } from "../../shared/time.ts";
import { sendPolled } from "../queue/send.ts";
import type { PollContext } from "./outcome.ts";

/** Accounts asked side by side: a hanging one holds up itself, and a 1006 meets few calls under way. */
const LANES = 3;

/** What the lists of the accounts held. */
export interface Listed {
  /** Accounts that answered. */
  accounts: string[];
  /** Devices they named, each once. */
  imeis: Set<string>;
  /** Items without a readable device among them. */
  nameless: number;
  /** Accounts that answered with nothing at all. */
  empty: string[];
}

/**
 * Asks every account for a list and puts the answers on the queue. An account that fails, for whatever
 * reason, is added to the outcome's failures and does not keep the others from being sent.
 */
export async function listAccounts(
  { env, config, runId, outcome }: PollContext,
  kind: MessageKind,
  list: (account: string) => Promise<JimiItems>,
): Promise<Listed> {
  const listed: Listed = { accounts: [], imeis: new Set(), nameless: 0, empty: [] };
  const waiting = config.TRACKSOLID_TARGETS.values();
  const lane = async () => {
    for (const account of waiting) {
      const answer = await list(account);
      if (!answer.ok) {
        outcome.failures.push({ what: account, failure: answer.failure });
        continue;
      }
      const receivedAt = toIso(nowMs());
      await sendPolled(env, { receipt: runId, kind, account, receivedAt }, answer.value);
      outcome.itemsReceived += answer.value.length;
      listed.accounts.push(account);
      if (answer.value.length === 0) listed.empty.push(account);
      for (const item of answer.value) {
        const imei = readImei((item as { imei?: unknown } | null)?.imei);
        if (imei === null) listed.nameless += 1;
        else listed.imeis.add(imei);
      }
    }
  };
  // Every lane comes to its end before a queue that takes nothing fails the run.
  const lanes = await Promise.allSettled(Array.from({ length: LANES }, lane));
  const broken = lanes.find((result) => result.status === "rejected");
  if (broken) throw broken.reason;
  return listed;
}
