/**
 * A line without the places that are no further than so much off the lines between those that stay (Ramer, Douglas, Peucker). Both
 * ends stay. simplify-js does the same of objects of two numbers, and is older than ES modules.
 * @param places x and y in turn.
 */
export function simplify(places: readonly number[], tolerance: number): number[] {
  const last = places.length / 2 - 1;
  const keep = new Set([0, last]);
  const open: [number, number][] = [[0, last]];
  for (let part = open.pop(); part !== undefined; part = open.pop()) {
    const [from, to] = part;
    let [farthest, most] = [from, tolerance];
    for (let n = from + 1; n < to; n += 1) {
      const off = distance(places, n, from, to);
      if (off > most) [farthest, most] = [n, off];
    }
    if (farthest === from) continue;
    keep.add(farthest);
    open.push([from, farthest], [farthest, to]);
  }
  return places.filter((_, n) => keep.has(n >> 1));
}

/** How far place n is from the line between two others. */
function distance(places: readonly number[], n: number, from: number, to: number): number {
  const fromX = places[2 * from] ?? 0;
  const fromY = places[2 * from + 1] ?? 0;
  const alongX = (places[2 * to] ?? 0) - fromX;
  const alongY = (places[2 * to + 1] ?? 0) - fromY;
  const x = (places[2 * n] ?? 0) - fromX;
  const y = (places[2 * n + 1] ?? 0) - fromY;
  const length2 = alongX ** 2 + alongY ** 2;
  const share = length2 === 0 ? 0 : Math.min(1, Math.max(0, (x * alongX + y * alongY) / length2));
  return Math.hypot(x - share * alongX, y - share * alongY);
}
