import { PbfReader, PbfWriter } from "pbf";

/** A line that was driven. */
export interface Road {
  /** Days since 1970 of the fleet's zone: the last on which it was driven, to a week. */
  lastDay: number;
  /** x and y in turn, in units of the tile from its north-west corner. A little beyond the tile, so that lines meet. */
  places: number[];
}

/*
 * message Tile { repeated Road roads = 1; }
 * message Road { uint32 last_day = 1; repeated sint32 steps = 2; }   // x and y in turn, each from the one before
 */

/** Roads of a tile as they are stored. */
export function pack(roads: readonly Road[]): Uint8Array {
  const pbf = new PbfWriter();
  for (const road of roads) pbf.writeMessage(1, packRoad, road);
  return pbf.finish();
}

/** The same, read. */
export const unpack = (bytes: Uint8Array): Road[] =>
  new PbfReader(bytes).readFields<Road[]>((tag, roads, pbf) => {
    if (tag === 1) roads.push(pbf.readMessage(unpackField, { lastDay: 0, places: [] }));
  }, []);

function packRoad({ lastDay, places }: Road, pbf: PbfWriter): void {
  pbf.writeVarintField(1, lastDay);
  pbf.writePackedSVarint(
    2,
    places.map((at, n) => at - (places[n - 2] ?? 0)),
  );
}

function unpackField(tag: number, road: Road, pbf: PbfReader): void {
  if (tag === 1) road.lastDay = pbf.readVarint();
  else if (tag === 2) {
    const { places } = road;
    pbf.readPackedSVarint(places);
    for (let n = 2; n < places.length; n += 1) places[n] = (places[n] ?? 0) + (places[n - 2] ?? 0);
  }
}
