import booksSql from "#sql/workers/ledger/books.sql";
import { ledgerConfig } from "../../shared/config.ts";
import type { Parameter } from "../../shared/database.ts";
import { nowMs, toIso } from "../../shared/time.ts";
import { askWitnesses, type Lying } from "./witnesses.ts";

/** Messages and the items in them. */
export interface Amount {
  messages: number;
  items: number;
}

/** What became of what was sent in a period. */
export interface Books {
  received: Amount;
  /** Counts of items, but for the messages that held them. */
  delivered: { messages: number; written: number; duplicate: number; rejected: number };
  parked: Amount;
  dead: Amount;
  /** Known to exist and nowhere yet, for less than `LEDGER_PENDING_S`. */
  pending: Amount;
  /** The same for longer: lost. */
  missing: Amount;
  kinds: {
    kind: string;
    messages: number;
    items: number;
    written: number;
    duplicate: number;
    rejected: number;
  }[];
  /** The first of the numbers that are missing. */
  gaps: { producer: string; from: number; to: number; provenAt: string }[];
  balanced: boolean;
}

/** Which books. */
export interface Period {
  from: string;
  /** Null: until now, however fast somebody's clock is. */
  to: string | null;
  /** Null: all. */
  producer: string | null;
}

/** Runs a statement that answers with one text `body`, as the ingest's own role. */
export type AskPrivate = (statement: string, parameters: Parameter[]) => Promise<string | null>;

/**
 * Draws up the books of a period. R2 and the tally are asked first: what is written meanwhile counts as delivered.
 * @throws whatever R2, the tally and `ask` throw.
 */
export async function readBooks(
  env: Env,
  ask: AskPrivate,
  { from, to, producer }: Period,
): Promise<{ books: Books; lying: { parked: Lying; dead: Lying } }> {
  const { witnesses, lying } = await askWitnesses(env);
  const lostIfProvenBy = toIso(nowMs() - ledgerConfig(env).LEDGER_PENDING_S * 1000);
  const text = JSON.stringify(witnesses);
  const body = await ask(booksSql, [from, to ?? "infinity", lostIfProvenBy, text, producer]);
  const books = JSON.parse(body ?? "") as Omit<Books, "balanced">;
  return { books: { ...books, balanced: isBalanced(books) }, lying };
}

function isBalanced({ received, delivered, parked, dead, pending, missing }: Omit<Books, "balanced">) {
  const { messages, written, duplicate, rejected } = delivered;
  const items = written + duplicate + rejected;
  return (
    missing.messages === 0 &&
    missing.items === 0 &&
    received.messages === messages + parked.messages + dead.messages + pending.messages &&
    received.items === items + parked.items + dead.items + pending.items
  );
}
