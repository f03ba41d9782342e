import type postgres from "postgres";
import { classifyDatabaseError, sqlState } from "../../shared/database.ts";
import { log, messageOf } from "../../shared/log.ts";
import { type Batch, commit, type Written } from "./commit.ts";
import { isolatePoison } from "./isolate.ts";
import type { ReadMessage } from "./parse.ts";

/** In a batch of at least so many items, more than this share refused by SQL is a fault of ours, not of theirs. */
const JUDGED_FROM_ITEMS = 50;
const MOST_REFUSED = 0.2;

/** The database refuses so much of a batch that our statements must be wrong. */
export class TooMuchRefused extends Error {
  override name = "TooMuchRefused";
}

/**
 * Writes a batch; what the database can never store is rejected, item by item.
 * @throws as {@link withoutPoison}
 */
export async function writeBatch(sql: postgres.Sql, messages: ReadMessage[], batch: Batch): Promise<Written> {
  return withoutPoison(sql, messages, batch, (written) => commit(sql, written, batch));
}

/**
 * Writes messages with a statement of the caller's; what the database can never store of them is rejected.
 * @throws TooMuchRefused when that would be too much of it; whatever else the database says that no item is to
 * blame for.
 */
export async function withoutPoison<Result>(
  sql: postgres.Sql,
  messages: ReadMessage[],
  batch: Batch,
  write: (messages: ReadMessage[]) => Promise<Result>,
): Promise<Result> {
  try {
    return await write(messages);
  } catch (error) {
    if (classifyDatabaseError(error) !== "poison") throw error;
    log("error", "poison_in_batch", {
      batchId: batch.id,
      sqlState: sqlState(error),
      error: messageOf(error),
    });
    const items = messages.reduce((sum, read) => sum + read.items.length, 0);
    const most = items >= JUDGED_FROM_ITEMS ? MOST_REFUSED * items : items;
    const isolated = await isolatePoison(sql, messages, most);
    refuseToRejectMost(isolated, items, most, error);
    return write(isolated);
  }
}

function refuseToRejectMost(messages: ReadMessage[], items: number, most: number, cause: unknown): void {
  const refused = messages
    .flatMap((read) => read.items)
    .filter(({ rejection }) => rejection?.reason === "refused_by_database").length;
  if (refused <= most) return;
  throw new TooMuchRefused(`The database refuses ${refused} or more of ${items} items: ${messageOf(cause)}`, {
    cause,
  });
}
