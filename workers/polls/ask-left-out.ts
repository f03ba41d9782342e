import selectLeftOut from "#sql/workers/polls/left-out.sql";
import { openDatabase } from "../../shared/database.ts";
import { concernsOnlyRequest } from "../../shared/jimi/failures.ts";
import { getLocations, listLocations, MAX_IMEIS_PER_CALL } from "../../shared/jimi/methods.ts";
import { log } from "../../shared/log.ts";
import { nowMs, toIso } from "../../shared/time.ts";
import { sendPolled } from "../queue/send.ts";
import { listAccounts } from "./list-accounts.ts";
import type { PollContext } from "./outcome.ts";
import { noteAsked } from "./watermarks.ts";

/** Calls of one run: a minute of the vendor's pace. Who was asked longest ago comes first. */
const MAX_CALLS = 100;

const JOB = "left-out";

/**
 * Every ten minutes: enabled devices that the account lists silently leave out (reference §2.6) are asked
 * for by name. A device the vendor refuses costs only itself, a batch it cannot answer only that batch.
 */
export async function askLeftOut(context: PollContext): Promise<void> {
  const { env, client, runId, deadlineMs, outcome } = context;
  const listed = await listAccounts(context, "location", (account) => listLocations(client, account));
  // The devices of an account that did not answer are not left out; nobody knows.
  if (outcome.failures.length > 0) return;

  const sql = openDatabase(env.DB_INGEST);
  const leftOut = await sql.unsafe<{ imei: string }[]>(
    selectLeftOut,
    [JOB, JSON.stringify([...listed.imeis]), MAX_CALLS * MAX_IMEIS_PER_CALL],
    { prepare: true },
  );
  const imeis = leftOut.map((row) => row.imei);
  for (let start = 0; start < imeis.length && nowMs() < deadlineMs; start += MAX_IMEIS_PER_CALL) {
    const asked = imeis.slice(start, start + MAX_IMEIS_PER_CALL);
    const answer = await getLocations(client, asked);
    const receivedAt = toIso(nowMs());
    if (answer.ok) {
      const { items, illegal } = answer.value;
      await sendPolled(env, { receipt: runId, kind: "location", account: null, receivedAt }, items);
      outcome.itemsReceived += items.length;
      if (illegal.length > 0) {
        log("warn", "devices_refused_by_vendor", {
          runId,
          devices: illegal.length,
          imeis: illegal.slice(0, 10).join(","),
        });
      }
    } else {
      outcome.failures.push({ what: "left-out devices", failure: answer.failure });
      if (!concernsOnlyRequest(answer.failure)) return;
    }
    await noteAsked(sql, JOB, asked, receivedAt);
  }
}
