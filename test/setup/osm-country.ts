import type { OsmBlock, OsmNode } from "./osm-file.ts";

const NODES_A_BLOCK = 8_000;
const WAYS_A_BLOCK = 1_000;

/** Of a million nodes: fuel stations that are nodes, half of them of Shell, and others that are ways. */
export const FUEL_NODES = 250;
export const FUEL_WAYS = 100;

/** Kiosks with a name: what most tagged nodes are to whoever looks for fuel. */
const KIOSKS = 5_000;

/** Nodes of a way are beside each other. */
const A_MILLION = 1_000_000;

/** A number from 0 to 1 that follows from another, and looks as if it did not. */
function spread(id: number, seed: number): number {
  let hash = Math.imul(id ^ (seed * 0x9e3779b9), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32;
}

/** A country of so many million nodes, some seven bytes each in the file, as real ones are. */
export function* country(millions: number): Generator<OsmBlock> {
  const nodes = Math.round(millions * A_MILLION);
  for (let first = 1; first <= nodes; first += NODES_A_BLOCK) {
    const length = Math.min(NODES_A_BLOCK, nodes - first + 1);
    yield { nodes: Array.from({ length }, (_, index) => node(first + index)) };
  }
  const ways = Math.round(millions * FUEL_WAYS);
  for (let first = 1; first <= ways; first += WAYS_A_BLOCK) {
    const length = Math.min(WAYS_A_BLOCK, ways - first + 1);
    yield { ways: Array.from({ length }, (_, index) => way(first + index)) };
  }
}

function node(id: number): OsmNode {
  // Neighbours are some hundred metres apart.
  const corner = { lat: -4 + 8 * spread(id >> 7, 1), lng: 34 + 7 * spread(id >> 7, 2) };
  const place = { id, lat: corner.lat + spread(id, 3) / 500, lng: corner.lng + spread(id, 4) / 500 };
  if (id % (A_MILLION / FUEL_NODES) === 0) {
    const brand = id % (2 * (A_MILLION / FUEL_NODES)) === 0 ? "Shell" : "Rubis";
    return { ...place, tags: { amenity: "fuel", brand } };
  }
  if (id % (A_MILLION / KIOSKS) === 1) return { ...place, tags: { shop: "kiosk", name: `Duka ${id}` } };
  return place;
}

function way(id: number) {
  const corner = id * (A_MILLION / FUEL_WAYS) - 8;
  return { id, refs: [corner, corner + 1, corner + 2, corner], tags: { amenity: "fuel", building: "roof" } };
}
