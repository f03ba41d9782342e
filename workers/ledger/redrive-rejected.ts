import type postgres from "postgres";
import redrivenSql from "#sql/workers/ledger/redriven.sql";
import { newId } from "../../shared/ids.ts";
import { PUSH_KINDS } from "../../shared/jimi/push/kinds.ts";
import { MESSAGE_KINDS, MESSAGE_VERSION, type MessageKind } from "../../shared/message.ts";
import { nowMs, toIso } from "../../shared/time.ts";
import type { Statements } from "../writer/commit.ts";
import { hintLiveMap } from "../writer/hint.ts";
import { type ReadMessage, readMessage } from "../writer/parse.ts";
import { TooMuchRefused, writeBatch } from "../writer/write-batch.ts";
import {
  type AskRows,
  type RejectedFilter,
  type RejectedItem,
  type RejectedPlace,
  readRejected,
} from "./rejected.ts";

/** What came of trying rejected items again. */
export interface ItemsRedriven {
  /** Items that became records. */
  items: number;
  rejectedAgain: number;
  /** After which the items begin that were not tried; null when all were. */
  after: RejectedPlace | null;
}

/** Items of one transaction. */
const PAGE_ITEMS = 500;

/**
 * Parses rejected items again, with today's parser and as parts of the messages that they came in, and writes those that
 * are records now. Begins nothing new after `deadlineMs`.
 * @throws whatever the database says.
 */
export async function redriveRejected(
  env: Env,
  sql: postgres.Sql,
  filter: Omit<RejectedFilter, "redriven">,
  after: RejectedPlace | null,
  deadlineMs: number,
): Promise<ItemsRedriven> {
  const ask: AskRows = (statement, parameters) => sql.unsafe<RejectedItem[]>(statement, parameters);
  const redriven: ItemsRedriven = { items: 0, rejectedAgain: 0, after };
  do {
    const page = await readRejected(ask, { ...filter, redriven: false }, redriven.after, PAGE_ITEMS);
    const became = await writeAgain(env, sql, page.items.flatMap(readAgain));
    redriven.items += became;
    redriven.rejectedAgain += page.items.length - became;
    redriven.after = page.after;
  } while (redriven.after !== null && nowMs() < deadlineMs);
  return redriven;
}

/** The message of an item, with that item alone, where it is a record now. */
function readAgain(rejected: RejectedItem): ReadMessage[] {
  const { kind, producer, sequence, itemNumber, account, imei, path, item } = rejected;
  if (!isKnown(kind)) return [];
  const { message, items } = readMessage({
    v: MESSAGE_VERSION,
    id: { producer, sequence, itemsBefore: 0 },
    receipt: "",
    part: { number: 1, of: 1 },
    source: (PUSH_KINDS as readonly string[]).includes(kind) ? "push" : "poll",
    kind,
    account,
    imei,
    receivedAt: toIso(Date.parse(rejected.receivedAt)),
    via: path === null ? null : { path, msgType: null, headers: {} },
    items: [JSON.parse(item)],
    stored: null,
  });
  const good = items.filter(({ rejection }) => rejection === undefined);
  return good.length === 0 ? [] : [{ message, items: good.map((read) => ({ ...read, itemNumber })) }];
}

const isKnown = (kind: string): kind is MessageKind => (MESSAGE_KINDS as readonly string[]).includes(kind);

/** @returns How many of them became records. */
async function writeAgain(env: Env, sql: postgres.Sql, reads: ReadMessage[]): Promise<number> {
  if (reads.length === 0) return 0;
  const startedMs = nowMs();
  let became = 0;
  const settle = (outcomes: string[]): Statements => {
    const letters = reads.map(({ message: { id }, items }, index) => ({
      ...{ producer: id.producer, sequence: id.sequence, itemNumber: items[0]?.itemNumber },
      ...{ letter: outcomes[index], at: toIso(startedMs) },
    }));
    const moved = letters.filter(({ letter }) => letter !== "r");
    became = moved.length;
    return { redriven: [JSON.stringify(moved), redrivenSql] };
  };
  try {
    const { changed } = await writeBatch(sql, reads, { id: newId(), startedMs, settle });
    await hintLiveMap(env, changed);
    return became;
  } catch (error) {
    if (!(error instanceof TooMuchRefused)) throw error;
    // What the database refused before it refuses again: that says nothing of the statements.
    const middle = Math.ceil(reads.length / 2);
    return (
      (await writeAgain(env, sql, reads.slice(0, middle))) + (await writeAgain(env, sql, reads.slice(middle)))
    );
  }
}
