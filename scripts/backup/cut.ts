import { crc32 } from "node:zlib";

/** Some rows of a table. */
export interface Rows {
  /** As COPY writes them: a line each. */
  text: Buffer;
  count: number;
}

/** Where text is cut, bytes. */
export interface CutSizes {
  /** A piece that is not the last has at least so much. */
  least: number;
  /** Beyond that, it has so much more in the mean. */
  beyond: number;
  /** It has no more, but where one row is longer. */
  most: number;
}

const MIB = 1024 * 1024;

/** Pieces of 8 MiB in the mean: little to send again for a row that changed, and few enough to list. One in 20 is cut at the most. */
export const CUT_SIZES: CutSizes = { least: 4 * MIB, beyond: 4 * MIB, most: 16 * MIB };

/** Most tables have less; others get room as they need it. */
const ROOM_AT_FIRST = 256 * 1024;

const NEWLINE = 0x0a;
const CRC_VALUES = 2 ** 32;

/**
 * Cuts rows into pieces where the rows themselves say so: a new row changes the piece that it is in, and leaves the borders after it
 * where they were.
 * @param chunks Text of COPY, however it comes. Line breaks within values are escaped there: each ends a row.
 */
export async function* cutRows(chunks: AsyncIterable<Buffer>, sizes = CUT_SIZES): AsyncGenerator<Rows> {
  let room = Buffer.allocUnsafe(ROOM_AT_FIRST);
  let filled = 0;
  // Whole rows that are in it, and where they end.
  let count = 0;
  let end = 0;

  const take = (): Rows => {
    const rows = { text: room.subarray(0, end), count };
    const rest = room.subarray(end, filled);
    // What is handed out is not written to again.
    room = Buffer.allocUnsafe(Math.max(ROOM_AT_FIRST, rest.length));
    filled = rest.copy(room);
    count = 0;
    end = 0;
    return rows;
  };

  for await (const chunk of chunks) {
    if (filled + chunk.length > room.length) {
      const larger = Buffer.allocUnsafe(Math.max(filled + chunk.length, 2 * room.length));
      room.copy(larger, 0, 0, filled);
      room = larger;
    }
    let looked = filled;
    filled += chunk.copy(room, filled);
    for (;;) {
      const newline = room.subarray(0, filled).indexOf(NEWLINE, looked);
      if (newline === -1) break;
      let next = newline + 1;
      if (next > sizes.most && count > 0) {
        next -= end;
        yield take();
      }
      const row = room.subarray(end, next);
      count += 1;
      end = next;
      looked = next;
      if (end >= sizes.most || (end >= sizes.least && isBorder(row, sizes))) {
        yield take();
        looked = 0;
      }
    }
  }
  if (filled > end) throw new Error("The rows end in the middle of one: the connection was lost. Try again.");
  if (count > 0) yield take();
}

/** The longer the row, the likelier, so that pieces of short rows and of long ones are of one size. */
const isBorder = (row: Buffer, { beyond }: CutSizes) => crc32(row) / CRC_VALUES < row.length / beyond;
