import { DRAW, hash32 } from "../fleet/random.ts";

/** Digits of a world's block, of which each holds 100,000 IMEIs: "86" + 7 digits + 5 digits + check digit. */
const BLOCKS = 10_000_000;

/** Appends the check digit every real IMEI ends with (Luhn). */
export function withCheckDigit(digits: string): string {
  let sum = 0;
  for (let i = 0; i < digits.length; i++) {
    const digit = Number(digits[digits.length - 1 - i]);
    const doubled = i % 2 === 0 ? digit * 2 : digit;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return digits + ((10 - (sum % 10)) % 10);
}

/** IMEIs that count up from 14 given digits. */
export function imeisFrom(base: string): (index: number) => string {
  return (index) => withCheckDigit(String(BigInt(base) + BigInt(index)));
}

/**
 * Hands every world of a process its own block of IMEIs: the first one's follows from the seed alone, so that a
 * restarted simulator has the same devices; later ones also count.
 */
export function imeiBlocks(): (seed: number) => (index: number) => string {
  const taken = new Set<number>();
  return (seed) => {
    let block = hash32(seed, DRAW.world, taken.size) % BLOCKS;
    while (taken.has(block)) block = (block + 1) % BLOCKS;
    taken.add(block);
    return imeisFrom(`86${String(block).padStart(7, "0")}00000`);
  };
}
