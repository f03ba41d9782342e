/** The middle of the values; with an even number of them the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? Number.NaN)) / 2;
}

/** A thing to be timed. @returns milliseconds */
export type Timed = () => Promise<number>;

/**
 * Times several things in turn, A B C, B C A, …, so that what the machine does beside them meets all alike.
 * @returns Milliseconds of every round after the warm-up, per name.
 */
export async function interleave<Name extends string>(
  things: Record<Name, Timed>,
  { warmUp, rounds }: { warmUp: number; rounds: number },
): Promise<Record<Name, number[]>> {
  const names = Object.keys(things) as Name[];
  const times = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<Name, number[]>;
  for (let round = -warmUp; round < rounds; round++) {
    for (let turn = 0; turn < names.length; turn++) {
      const name = names[(turn + round + warmUp) % names.length] as Name;
      const ms = await things[name]();
      if (round >= 0) times[name].push(ms);
    }
  }
  return times;
}

/** Median of A/B per round: what disturbs a round disturbs both, so this is steadier than a ratio of medians. */
export function medianRatio(a: readonly number[], b: readonly number[]): number {
  return median(a.map((value, round) => value / (b[round] ?? Number.NaN)));
}
