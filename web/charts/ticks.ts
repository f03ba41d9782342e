const STEPS = [1, 2, 2.5, 5, 10];

/**
 * Round values from 0 up to at least the given one, some four of them.
 * @param unit what is round: seconds are written as hours where it is 3600
 * @example ticksUpTo(87) // [0, 25, 50, 75, 100]
 */
export function ticksUpTo(most: number, unit = 1, wanted = 4): number[] {
  if (!(most > 0)) return [0, unit];
  const rough = most / unit / wanted;
  const magnitude = 10 ** Math.floor(Math.log10(rough));
  const step = (STEPS.find((step) => step * magnitude >= rough * 0.999) ?? 10) * magnitude;
  const ticks = Math.ceil(most / unit / step - 1e-9);
  return Array.from({ length: ticks + 1 }, (_, at) => Number((at * step * unit).toPrecision(12)));
}
