import { plain } from "../../shared/text.ts";
import type { ReadMessage } from "./parse.ts";

/** A row of `private.receipts`: a message and what became of it. */
export interface ReceiptRow {
  producer: string;
  sequence: number;
  itemsBefore: number;
  receipt: string;
  part: number;
  parts: number;
  source: string;
  kind: string;
  account: string | null;
  receivedAt: string;
  deliveredAt: string;
  deliveries: number;
  items: number;
  written: number;
  duplicate: number;
  rejected: number;
  /** A letter an item. */
  outcomes: string;
  /** By item number, for the rejected ones. */
  reasons: Record<number, string> | null;
}

/**
 * The receipts of a batch.
 * @param outcomes a text a message, in their order
 */
export function receiptRows(messages: ReadMessage[], outcomes: string[], deliveredAt: string): ReceiptRow[] {
  const rows = new Map<string, ReceiptRow>();
  for (const [index, { message, items }] of messages.entries()) {
    const { id, receipt, part, source, kind, account, receivedAt } = message;
    const name = `${id.producer} ${id.sequence}`;
    const known = rows.get(name);
    // The queue may deliver a message twice in one batch.
    if (known) {
      known.deliveries += 1;
      continue;
    }
    const letters = outcomes[index] ?? "";
    const rejections = items.flatMap(({ itemNumber, rejection }) =>
      rejection ? [[itemNumber, rejection.reason] as const] : [],
    );
    rows.set(name, {
      ...id,
      receipt: plain(receipt, 100),
      part: part.number,
      parts: part.of,
      source,
      kind,
      account,
      receivedAt,
      deliveredAt,
      deliveries: 1,
      items: items.length,
      written: count(letters, "w"),
      duplicate: count(letters, "d"),
      rejected: count(letters, "r"),
      outcomes: letters,
      reasons: rejections.length > 0 ? Object.fromEntries(rejections) : null,
    });
  }
  return [...rows.values()];
}

function count(letters: string, letter: string): number {
  return letters.split(letter).length - 1;
}
