/** What a hash is drawn for; two draws with the same numbers but another purpose are unrelated. */
export const DRAW = {
  vehicle: 1,
  routine: 2,
  odometer: 3,
  plan: 4,
  speed: 5,
  outage: 6,
  silence: 7,
  signal: 8,
  world: 9,
  push: 10,
} as const;

/** A 32-bit hash of up to four integers (Murmur3's mixing): the same on every machine, good enough for dice. */
export function hash32(a: number, b = 0, c = 0, d = 0): number {
  let h = 0x9e3779b9;
  h = mix(h, a);
  h = mix(h, b);
  h = mix(h, c);
  h = mix(h, d);
  return h >>> 0;
}

function mix(h: number, value: number): number {
  let k = Math.imul(h ^ (value | 0), 0x85ebca6b);
  k = Math.imul(k ^ (k >>> 13), 0xc2b2ae35);
  return k ^ (k >>> 16);
}

/** A number in [0, 1) that depends on nothing but its arguments. */
export function dice(a: number, b = 0, c = 0, d = 0): number {
  return hash32(a, b, c, d) / 2 ** 32;
}

/** An endless row of numbers in [0, 1) for a seed (mulberry32). */
export function randoms(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** An element of a non-empty list, chosen by a number in [0, 1). */
export function choose<T>(list: readonly T[], at: number): T {
  const chosen = list[Math.floor(at * list.length)];
  if (chosen === undefined) throw new Error("nothing to choose from");
  return chosen;
}
