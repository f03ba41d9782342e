import { PbfWriter } from "pbf";
import { EXTENT } from "./cut.ts";

/** The one layer, and what its features have beside their lines. */
export const LAYER = "tracks";
const PROPERTY = "lastDay";

const DAY_MS = 24 * 3_600_000;

/** Commands of a line's geometry (vector tile specification 2.1, 4.3.1), with how often. */
const MOVE_TO = 1;
const LINE_TO = 2;
const command = (id: number, count: number) => id | (count << 3);

const zigzag = (by: number) => (by << 1) ^ (by >> 31);

/**
 * A vector tile (Mapbox specification 2.1) of one layer: a feature for each day on which lines were last driven.
 * @param lines By that day, days since 1970; each x and y in turn, at least two places. Without any the tile is empty.
 */
export function vectorTile(lines: ReadonlyMap<number, readonly number[][]>): Uint8Array {
  const pbf = new PbfWriter();
  if (lines.size > 0) pbf.writeMessage(3, writeLayer, lines);
  return pbf.finish();
}

function writeLayer(lines: ReadonlyMap<number, readonly number[][]>, pbf: PbfWriter): void {
  const days = [...lines].sort(([a], [b]) => a - b);
  pbf.writeStringField(1, LAYER);
  for (const [value, [, ofDay]] of days.entries()) pbf.writeMessage(2, writeFeature, { value, lines: ofDay });
  pbf.writeStringField(3, PROPERTY);
  for (const [day] of days) {
    pbf.writeMessage(4, writeText, new Date(day * DAY_MS).toISOString().slice(0, 10));
  }
  pbf.writeVarintField(5, EXTENT);
  pbf.writeVarintField(15, 2);
}

function writeText(text: string, pbf: PbfWriter): void {
  pbf.writeStringField(1, text);
}

const LINES = 2;

function writeFeature({ value, lines }: { value: number; lines: readonly number[][] }, pbf: PbfWriter): void {
  pbf.writePackedVarint(2, [0, value]);
  pbf.writeVarintField(3, LINES);
  pbf.writePackedVarint(4, geometryOf(lines));
}

function geometryOf(lines: readonly number[][]): number[] {
  const geometry: number[] = [];
  let [x, y] = [0, 0];
  for (const line of lines) {
    for (let n = 0; n < line.length; n += 2) {
      if (n === 0) geometry.push(command(MOVE_TO, 1));
      if (n === 2) geometry.push(command(LINE_TO, line.length / 2 - 1));
      const [toX = 0, toY = 0] = [line[n], line[n + 1]];
      geometry.push(zigzag(toX - x), zigzag(toY - y));
      [x, y] = [toX, toY];
    }
  }
  return geometry;
}
