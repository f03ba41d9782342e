import type postgres from "postgres";
import keepTiles from "#sql/workers/roads/keep-tiles.sql";
import readTiles from "#sql/workers/roads/read-tiles.sql";
import { nowMs } from "../../shared/time.ts";
import { pack, type Road, unpack } from "./packed.ts";

/** Some hundred kilobytes each at most, nearly always some ten. */
const TILES_AT_ONCE = 32;

const DAY_MS = 24 * 3_600_000;

/** A day, YYYY-MM-DD, as days since 1970. */
export const dayNumber = (day: string): number => Date.parse(day) / DAY_MS;

const dayText = (day: number) => new Date(day * DAY_MS).toISOString().slice(0, 10);

/** A tile of a level. */
interface Place {
  x: number;
  y: number;
}

/**
 * Changes the roads of tiles of a level, some at a time; those that did not change are not written.
 * @param change Changes the roads of a tile. @returns Whether it did
 */
export async function changeTiles<Tile extends Place>(
  tx: postgres.TransactionSql,
  level: number,
  tiles: readonly Tile[],
  change: (tile: Tile, roads: Road[]) => boolean,
): Promise<void> {
  for (let from = 0; from < tiles.length; from += TILES_AT_ONCE) {
    const part = tiles.slice(from, from + TILES_AT_ONCE);
    const names = JSON.stringify(part.map(({ x, y }) => ({ x, y })));
    const known = await tx.unsafe<(Place & { roads: Uint8Array })[]>(readTiles, [names, level], {
      prepare: true,
    });
    const packed = new Map(known.map(({ x, y, roads }) => [`${x} ${y}`, roads]));
    const changed = part.flatMap((tile) => {
      const { x, y } = tile;
      const roads = unpack(packed.get(`${x} ${y}`) ?? new Uint8Array());
      return change(tile, roads) ? [{ x, y, ...stored(roads) }] : [];
    });
    if (changed.length > 0) {
      await tx.unsafe(keepTiles, [JSON.stringify(changed), level, nowMs()], { prepare: true });
    }
  }
}

function stored(roads: Road[]) {
  const oldest = roads.reduce((day, { lastDay }) => Math.min(day, lastDay), Number.POSITIVE_INFINITY);
  return {
    roads: Buffer.from(pack(roads)).toString("base64"),
    oldestDay: roads.length === 0 ? null : dayText(oldest),
  };
}
