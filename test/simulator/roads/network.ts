import { link } from "./links.ts";
import type { City, LngLat } from "./road.ts";
import { shortestPathTree, type Tree } from "./tree.ts";

/** Vertices closer than this to the one before add nothing a tracker could see. */
const THIN_BELOW_M = 20;
/** Longer edges get vertices in between, so that crossings are found and stops are spread along the road. */
const SPLIT_ABOVE_M = 140;
/** Vehicles of one city live at this many depots. */
const DEPOTS = 12;
const DEPOT_RADIUS_M = 12_000;
/** Below this a vehicle would spend its day on a few hundred metres. */
const SHORTEST_NETWORK_NODES = 60;

const METRES_PER_DEG_LAT = 111_195;

/** A city's roads as a graph in a plane: metres east (`x`) and north (`y`) of the city's centre. */
export interface Network {
  city: City;
  x: Float64Array;
  y: Float64Array;
  /** Of each node: the nodes one can drive to. */
  neighbours: number[][];
  /** The nodes of the largest connected part: every place a vehicle ever visits. */
  reachable: number[];
  /** Nodes vehicles come home to. */
  depots: number[];
  /** Shortest ways from a depot (index in `depots`) to everywhere, computed on first use. */
  treeOf(depot: number): Tree;
  toLngLat(x: number, y: number): LngLat;
}

/** Builds the graph of a city; vertices of different roads within 150 m are joined. */
export function buildNetwork(city: City): Network {
  const metresPerDegLng = METRES_PER_DEG_LAT * Math.cos((city.centre[1] * Math.PI) / 180);
  const xs: number[] = [];
  const ys: number[] = [];
  const roadOf: number[] = [];
  const neighbours: number[][] = [];
  city.roads.forEach((road, roadIndex) => {
    let previous = -1;
    for (const [lng, lat] of road.points) {
      const x = (lng - city.centre[0]) * metresPerDegLng;
      const y = (lat - city.centre[1]) * METRES_PER_DEG_LAT;
      const fromX = xs[previous] ?? x;
      const fromY = ys[previous] ?? y;
      const gapM = Math.hypot(x - fromX, y - fromY);
      if (previous >= 0 && gapM < THIN_BELOW_M) continue;
      const pieces = Math.max(1, Math.ceil(gapM / SPLIT_ABOVE_M));
      for (let piece = 1; piece <= pieces; piece++) {
        const node = xs.length;
        xs.push(fromX + ((x - fromX) * piece) / pieces);
        ys.push(fromY + ((y - fromY) * piece) / pieces);
        roadOf.push(roadIndex);
        neighbours.push(previous >= 0 ? [previous] : []);
        neighbours[previous]?.push(node);
        previous = node;
      }
    }
  });
  const x = Float64Array.from(xs);
  const y = Float64Array.from(ys);
  link(x, y, roadOf, neighbours);
  const reachable = largestPart(neighbours);
  if (reachable.length < SHORTEST_NETWORK_NODES) {
    throw new Error(
      `the roads of ${city.name} are too short to drive on: give at least 5 km of connected lines`,
    );
  }
  const depots = pickDepots(x, y, reachable);
  const trees: Tree[] = [];
  return {
    city,
    x,
    y,
    neighbours,
    reachable,
    depots,
    treeOf: (depot) => {
      trees[depot] ??= shortestPathTree(x, y, neighbours, depots[depot] ?? 0);
      return trees[depot];
    },
    toLngLat: (px, py) => [city.centre[0] + px / metresPerDegLng, city.centre[1] + py / METRES_PER_DEG_LAT],
  };
}

function largestPart(neighbours: number[][]): number[] {
  const seen = new Uint8Array(neighbours.length);
  let largest: number[] = [];
  for (let start = 0; start < neighbours.length; start++) {
    if (seen[start]) continue;
    seen[start] = 1;
    const part = [start];
    for (let i = 0; i < part.length; i++) {
      for (const next of neighbours[part[i] ?? 0] ?? []) {
        if (seen[next]) continue;
        seen[next] = 1;
        part.push(next);
      }
    }
    if (part.length > largest.length) largest = part;
  }
  return largest;
}

function pickDepots(x: Float64Array, y: Float64Array, reachable: number[]): number[] {
  const near = reachable.filter((node) => Math.hypot(x[node] ?? 0, y[node] ?? 0) < DEPOT_RADIUS_M);
  const from = near.length >= DEPOTS ? near : reachable;
  return Array.from({ length: DEPOTS }, (_, i) => from[Math.floor(((i + 0.5) * from.length) / DEPOTS)] ?? 0);
}
