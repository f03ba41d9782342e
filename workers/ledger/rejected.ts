import type postgres from "postgres";
import rejectedSql from "#sql/workers/ledger/rejected.sql";
import type { Parameter } from "../../shared/database.ts";
import type { RejectedRow } from "../writer/gather.ts";

/** Which item of which message. */
export type ItemId = Pick<RejectedRow, "producer" | "sequence" | "itemNumber">;

/** A rejected item, and when it became a record after all. */
export interface RejectedItem extends RejectedRow, postgres.Row {
  redrivenAt: string | null;
}

/** Which of them. */
export interface RejectedFilter {
  reason?: string | undefined;
  kind?: string | undefined;
  imei?: string | undefined;
  from?: string | undefined;
  to?: string | undefined;
  ids?: ItemId[] | undefined;
  /** Also those that became records after all. */
  redriven: boolean;
}

/** Where a page begins: after the item with this time and identity. */
export type RejectedPlace = ItemId & { receivedAt: string };

/** Runs a statement as the ingest's own role. */
export type AskRows = (statement: string, parameters: Parameter[]) => Promise<RejectedItem[]>;

/** A page of rejected items, oldest first, and where the next begins; null after the last. */
export async function readRejected(
  ask: AskRows,
  filter: RejectedFilter,
  after: RejectedPlace | null,
  limit: number,
): Promise<{ items: RejectedItem[]; after: RejectedPlace | null }> {
  const rows = await ask(rejectedSql, [JSON.stringify(filter), after && JSON.stringify(after), limit + 1]);
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return { items, after: rows.length > limit && last ? placeOf(last) : null };
}

/** The place of an item. */
export function placeOf({ receivedAt, producer, sequence, itemNumber }: RejectedItem): RejectedPlace {
  return { receivedAt, producer, sequence, itemNumber };
}
