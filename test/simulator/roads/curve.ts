import type { LngLat } from "./road.ts";

/** Hand-drawn points lie one to three kilometres apart; a vertex this often turns corners into bends. */
const STEP_DEG = 0.0009; // about 100 m at the equator

const lerp = (a: LngLat, b: LngLat, ta: number, tb: number, t: number): LngLat => {
  const w = (t - ta) / (tb - ta);
  return [a[0] + (b[0] - a[0]) * w, a[1] + (b[1] - a[1]) * w];
};

const distance = (a: LngLat, b: LngLat): number => Math.hypot(b[0] - a[0], b[1] - a[1]);

const mirror = (end: LngLat, inner: LngLat): LngLat => [2 * end[0] - inner[0], 2 * end[1] - inner[1]];

/**
 * A centripetal Catmull-Rom curve through the points: it passes through every one of them, so junctions stay
 * junctions, and unlike the uniform kind it does not loop where points are unevenly spaced.
 */
export function curve(points: LngLat[]): LngLat[] {
  const first = points[0];
  const second = points[1];
  if (first === undefined || second === undefined) return points;
  const last = points[points.length - 1] ?? second;
  const padded = [mirror(first, second), ...points, mirror(last, points[points.length - 2] ?? first)];
  const dense: LngLat[] = [first];
  for (let i = 1; i + 2 < padded.length; i++) {
    const [p0, p1, p2, p3] = padded.slice(i - 1, i + 3) as [LngLat, LngLat, LngLat, LngLat];
    const t1 = Math.sqrt(distance(p0, p1));
    const t2 = t1 + Math.sqrt(distance(p1, p2));
    const t3 = t2 + Math.sqrt(distance(p2, p3));
    const steps = Math.max(1, Math.ceil(distance(p1, p2) / STEP_DEG));
    for (let step = 1; step < steps; step++) {
      const t = t1 + ((t2 - t1) * step) / steps;
      const a1 = lerp(p0, p1, 0, t1, t);
      const a2 = lerp(p1, p2, t1, t2, t);
      const a3 = lerp(p2, p3, t2, t3, t);
      dense.push(lerp(lerp(a1, a2, 0, t2, t), lerp(a2, a3, t1, t3, t), t1, t2, t));
    }
    dense.push(p2);
  }
  return dense;
}
