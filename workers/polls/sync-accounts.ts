import type postgres from "postgres";
import selectDue from "#sql/workers/polls/details-due.sql";
import { listGroups } from "../../shared/jimi/methods.ts";
import { log } from "../../shared/log.ts";
import { settings } from "../../shared/settings.ts";
import { nowMs, toIso } from "../../shared/time.ts";
import { sendPolled } from "../queue/send.ts";
import type { PollContext } from "./outcome.ts";
import { isRefusal, passesOver, walkAccounts } from "./walk-accounts.ts";
import { noteAsked } from "./watermarks.ts";

/** Its name among the watermarks. */
export const ACCOUNTS_JOB = "accounts";

/** In the place of a device: the job does not distinguish them. */
const ALL = "*";

/** Enough to begin with; the table `tracksolid.accounts` has all. */
const MOST_NAMES = 20;

/**
 * Once a day: the accounts below those that are polled, and the device groups of those. An account that is found and not
 * polled is reported, never polled by itself: whose vehicles are shown is for an operator to decide.
 */
export async function syncAccounts(context: PollContext, sql: postgres.Sql): Promise<void> {
  const { env, config, runId, startedMs, outcome } = context;
  const dueBefore = toIso(startedMs - settings.accountsEveryS * 1000);
  const due = await sql.unsafe(selectDue, [ACCOUNTS_JOB, JSON.stringify([ALL]), dueBefore, 1], {
    prepare: true,
  });
  if (due.length === 0) return;

  const tree = await walkAccounts(context);
  const receivedAt = toIso(nowMs());
  for (const [account, items] of tree.children) {
    await sendPolled(env, { receipt: runId, kind: "account", account, receivedAt }, items);
    outcome.itemsReceived += items.length;
  }
  const unpolled = tree.accounts.filter((account) => !config.TRACKSOLID_TARGETS.includes(account));
  if (unpolled.length > 0) {
    const names = unpolled.slice(0, MOST_NAMES).join();
    log("warn", "account_not_polled", { runId, accounts: unpolled.length, names });
  }
  const hasGroups = await syncGroups(context);
  if (tree.complete && hasGroups) await noteAsked(sql, ACCOUNTS_JOB, [ALL], receivedAt);
}

/** @returns Whether every account answered, or refused for good. */
async function syncGroups(context: PollContext): Promise<boolean> {
  const { env, config, client, runId, deadlineMs, outcome } = context;
  let complete = true;
  for (const account of config.TRACKSOLID_TARGETS) {
    if (nowMs() > deadlineMs) return false;
    const answer = await listGroups(client, account);
    if (answer.ok) {
      const origin = { receipt: runId, kind: "group", account, receivedAt: toIso(nowMs()) } as const;
      await sendPolled(env, origin, answer.value);
      outcome.itemsReceived += answer.value.length;
    } else {
      complete &&= isRefusal(answer.failure);
      if (!passesOver(context, "device groups", account, answer.failure)) return false;
    }
  }
  return complete;
}
