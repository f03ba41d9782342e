import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type postgres from "postgres";

/** The driver copies what it is given: a piece at once would be in memory three times. */
const CHUNK_BYTES = 256 * 1024;

/**
 * Copies text into a table, within a transaction.
 * @param statement `copy … from stdin`
 * @throws what the server says of it
 */
export async function copyIn(
  tx: postgres.TransactionSql,
  statement: string,
  text: Uint8Array,
): Promise<void> {
  const query = tx.unsafe(statement);
  const refused = refusal(query);
  const target = await query.writable();
  await Promise.race([pipeline(Readable.from(chunks(text)), target), refused]);
}

/**
 * What the server says against a COPY after its last byte, which is when it looks at most rows: postgres.js rejects a promise then
 * that it resolved when the COPY began, and nobody hears of it.
 */
function refusal(query: object): Promise<never> {
  const own = query as { reject(error: unknown): void };
  const { reject } = own;
  const refused = new Promise<never>((_, refuse) => {
    own.reject = (error) => {
      refuse(error);
      reject(error);
    };
  });
  // Where the stream tells it first.
  refused.catch(() => {});
  return refused;
}

function* chunks(text: Uint8Array): Generator<Uint8Array> {
  for (let from = 0; from < text.length; from += CHUNK_BYTES) yield text.subarray(from, from + CHUNK_BYTES);
}
