import fold from "#sql/workers/ledger/fold.sql";
import { openDatabase } from "../../shared/database.ts";
import { log } from "../../shared/log.ts";
import { nowMs, toIso } from "../../shared/time.ts";
import type { JobContext } from "../polls/outcome.ts";
import { type AskPrivate, type Books, readBooks } from "./books.ts";
import type { Lying } from "./witnesses.ts";

const HOUR_MS = 3_600_000;

/** Single messages can be asked about for so long; then whole hours are added up. */
const SINGLE_FOR_MS = 72 * HOUR_MS;

/** Every 10 minutes: folds old receipts, and checks that everything since is accounted for. */
export async function checkLedger({ env, startedMs, outcome }: JobContext): Promise<void> {
  const sql = openDatabase(env.DB_INGEST);
  const ask: AskPrivate = async (statement, parameters) => {
    const [row] = await sql.unsafe<{ body: string }[]>(statement, parameters, { prepare: true });
    return row?.body ?? null;
  };
  const foldedUntil = toIso(Math.floor((startedMs - SINGLE_FOR_MS) / HOUR_MS) * HOUR_MS);
  const [folded] = await sql.unsafe<{ messages: number }[]>(fold, [foldedUntil]);

  const { books, lying } = await readBooks(env, ask, { from: foldedUntil, to: null, producer: null });
  const { received, pending, missing, balanced } = books;
  log(balanced ? "info" : "error", "ledger", {
    balanced,
    folded: folded?.messages ?? 0,
    received: received.messages,
    receivedItems: received.items,
    pending: pending.messages,
    missing: missing.messages,
    missingItems: missing.items,
    parked: lying.parked.messages,
    parkedAgeS: ageS(lying.parked),
    dead: lying.dead.messages,
    deadAgeS: ageS(lying.dead),
  });
  if (!balanced) {
    const message = [missingInWords(books), inWords("parked", lying.parked), inWords("dead", lying.dead)];
    outcome.failures.push({
      what: "ledger",
      failure: { kind: "unbalanced", message: message.filter(Boolean).join("; ") },
    });
  }
}

function missingInWords({ missing, received, gaps }: Books): string {
  const numbers = gaps.slice(0, 3).map(({ producer, from, to }) => `${producer} ${from}-${to}`);
  const which = numbers.length > 0 ? ` (${numbers.join(", ")})` : "";
  return `of ${received.messages} messages ${missing.messages} are missing, with ${missing.items} items${which}`;
}

function inWords(what: string, { messages, oldestAt }: Lying): string {
  return messages === 0 ? "" : `${messages} messages are ${what}, the oldest since ${oldestAt}`;
}

const ageS = ({ oldestAt }: Lying) =>
  oldestAt === null ? null : Math.round((nowMs() - Date.parse(oldestAt)) / 1000);
