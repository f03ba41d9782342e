/** Roads this close to each other meet there. */
const JOIN_WITHIN_M = 150;
/** Two roads that run side by side are joined this often, not at every vertex. */
const ONE_JOIN_PER_NODES = 6;

interface Join {
  from: number;
  to: number;
  distanceM: number;
}

/**
 * Joins vertices of different roads that lie within 150 m, at the closest place of every stretch, by adding
 * to `neighbours`. `roadOf` names the road of each vertex; the vertices of a road are consecutive.
 */
export function link(x: Float64Array, y: Float64Array, roadOf: number[], neighbours: number[][]): void {
  const grid = gridOf(x, y);
  const joins: Join[] = [];
  let latest = new Map<number, Join>();
  let road = -1;
  for (let node = 0; node < x.length; node++) {
    const nodeRoad = roadOf[node] ?? 0;
    if (nodeRoad !== road) {
      road = nodeRoad;
      latest = new Map();
    }
    for (const [otherRoad, found] of closestPerRoad(node, nodeRoad, x, y, roadOf, grid)) {
      const last = latest.get(otherRoad);
      if (last === undefined || node - last.from >= ONE_JOIN_PER_NODES) {
        latest.set(otherRoad, found);
        joins.push(found);
      } else if (found.distanceM < last.distanceM) {
        Object.assign(last, found);
      }
    }
  }
  for (const { from, to } of joins) {
    neighbours[from]?.push(to);
    neighbours[to]?.push(from);
  }
}

type Grid = Map<string, number[]>;

const cell = (metres: number): number => Math.floor(metres / JOIN_WITHIN_M);

function gridOf(x: Float64Array, y: Float64Array): Grid {
  const grid: Grid = new Map();
  for (let node = 0; node < x.length; node++) {
    const key = `${cell(x[node] ?? 0)},${cell(y[node] ?? 0)}`;
    const members = grid.get(key);
    if (members) members.push(node);
    else grid.set(key, [node]);
  }
  return grid;
}

/** Only roads with a higher number are looked at, so that each pair is joined once. */
function closestPerRoad(
  node: number,
  road: number,
  x: Float64Array,
  y: Float64Array,
  roadOf: number[],
  grid: Grid,
): Map<number, Join> {
  const closest = new Map<number, Join>();
  const nodeX = x[node] ?? 0;
  const nodeY = y[node] ?? 0;
  for (let column = cell(nodeX) - 1; column <= cell(nodeX) + 1; column++) {
    for (let row = cell(nodeY) - 1; row <= cell(nodeY) + 1; row++) {
      for (const other of grid.get(`${column},${row}`) ?? []) {
        const otherRoad = roadOf[other] ?? 0;
        if (otherRoad <= road) continue;
        const distanceM = Math.hypot((x[other] ?? 0) - nodeX, (y[other] ?? 0) - nodeY);
        if (distanceM > JOIN_WITHIN_M || distanceM >= (closest.get(otherRoad)?.distanceM ?? Infinity))
          continue;
        closest.set(otherRoad, { from: node, to: other, distanceM });
      }
    }
  }
  return closest;
}
