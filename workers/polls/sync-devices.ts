import { openDatabase } from "../../shared/database.ts";
import { listDevices } from "../../shared/jimi/methods.ts";
import type { SweepRecord } from "../../shared/message.ts";
import { toIso } from "../../shared/time.ts";
import { sendPolled } from "../queue/send.ts";
import { DETAIL_JOB, fetchDetails } from "./fetch-details.ts";
import { takeLease } from "./lease.ts";
import { type Listed, listAccounts } from "./list-accounts.ts";
import type { PollContext, PollOutcome } from "./outcome.ts";
import { ACCOUNTS_JOB, syncAccounts } from "./sync-accounts.ts";
import { forgetAsked } from "./watermarks.ts";

/** Longer than the deadline of the run, so that it ends by itself only when its holder was killed. */
const LEASE_LIMIT_S = 15 * 60;

/**
 * Every hour: the device list of every account, then, where they are a day old, what accounts there are and the details of
 * devices; on request all of it.
 * Devices that no account lists any more are disabled, but only when every account answered sanely: an
 * outage, an empty answer or a nonsensical one must not empty the map.
 */
export async function syncDevices(context: PollContext): Promise<void> {
  const { env, client, runId, startedMs, outcome } = context;
  const sql = openDatabase(env.DB_INGEST);
  await using lease = await takeLease(sql, "devices", runId, LEASE_LIMIT_S);
  if (!lease.held) {
    outcome.leftToRun = lease.holder;
    return;
  }
  if (context.isRequested) await forgetAsked(sql, [ACCOUNTS_JOB, DETAIL_JOB]);
  const listed = await listAccounts(context, "device", (account) => listDevices(client, account));
  addInsanity(outcome, listed);
  if (outcome.failures.length === 0) {
    const sweep: SweepRecord = { startedAt: toIso(startedMs), devices: listed.imeis.size };
    const origin = { receipt: runId, kind: "sweep", account: null, receivedAt: sweep.startedAt } as const;
    await sendPolled(env, origin, [sweep]);
  }
  await syncAccounts(context, sql);
  await fetchDetails(context, sql, [...listed.imeis]);
}

/** What cannot be believed is a failure of the run, and nobody is disabled for it. */
function addInsanity(outcome: PollOutcome, { empty, nameless }: Listed): void {
  for (const account of empty) {
    const message = "Tracksolid lists no device: nothing is disabled";
    outcome.failures.push({ what: account, failure: { kind: "rejected", message } });
  }
  if (nameless > 0) {
    const message = `${nameless} items of the device lists name no device: nothing is disabled`;
    outcome.failures.push({ what: "device lists", failure: { kind: "unreadable", message } });
  }
}
