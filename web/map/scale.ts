import { t } from "../texts/en.ts";

const MOST_PX = 110;

/** The longest of 1, 2, 5 × 10ⁿ metres that fits the bar. */
function roundLengthM(mostM: number): number {
  const power = 10 ** Math.floor(Math.log10(mostM));
  return power * (mostM >= 5 * power ? 5 : mostM >= 2 * power ? 2 : 1);
}

/** Draws the scale of a map, where it is another one than before. */
export function drawScale(bar: HTMLElement, perPixelM: number): void {
  const lengthM = roundLengthM(MOST_PX * perPixelM);
  const text = lengthM >= 1000 ? `${lengthM / 1000} ${t.units.km}` : `${lengthM} ${t.units.metres}`;
  const width = `${Math.round(lengthM / perPixelM)}px`;
  if (bar.textContent !== text) bar.textContent = text;
  if (bar.style.width !== width) bar.style.width = width;
}
