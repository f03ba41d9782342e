import { count, durationS, percent } from "../../parts/format.ts";
import { dateTime, day, time } from "../../parts/time.ts";
import { words } from "../../texts/coverage.ts";
import { type Amount, expectedS, knownShare } from "./rows.ts";
import type { Slot } from "./view.ts";

/** What a cell can be made of; each has a pattern of its own, drawn as the cells are. */
const KINDS = ["have", "recovered", "missing", "nothing", "later"] as const;

export function Legend() {
  return (
    <ul class="legend coverage-legend" aria-label={words.legend}>
      {KINDS.map((kind) => (
        <li key={kind}>
          <span class="coverage-swatch" data-kind={kind} aria-hidden="true" />
          {words.kinds[kind]}
        </li>
      ))}
    </ul>
  );
}

/** The least that is drawn of what there is: a minute of a day must be seen. */
const LEAST_PX = 3;

/** How high each part of a cell is drawn. Of what is missing nothing must be overlooked, of what is known something can. */
export function heightsOf(amount: Amount, wholePx: number): Record<string, string> {
  const all = expectedS(amount);
  const part = (s: number) => (s === 0 ? 0 : Math.max(LEAST_PX, Math.round((s / all) * wholePx)));
  const missing = Math.min(part(amount.missingS), wholePx - (amount.missingS < all ? LEAST_PX : 0));
  const recovered = Math.min(part(amount.recoveredS), wholePx - missing);
  return { "--missing": `${missing}px`, "--recovered": `${recovered}px` };
}

/** A column's name at its head. */
export function headOf(by: "hour" | "day", { fromMs, day: ofDay }: Slot): { first: string; second: string } {
  if (by === "hour") {
    const at = time(fromMs);
    return { first: at.endsWith(":00") ? at.slice(0, 2) : at, second: "" };
  }
  const [weekday = "", ofMonth = ""] = day(ofDay).split(" ");
  return { first: ofMonth, second: weekday };
}

/** A column's, or several columns', span in words. */
export function spanWords(by: "hour" | "day", first: Slot, last: Slot): string {
  if (by === "day") return first === last ? day(first.day) : `${day(first.day)} – ${day(last.day)}`;
  return `${dateTime(first.fromMs)} – ${time(last.toMs)}`;
}

/** What is known, as it is read out. */
export function amountWords(amount: Amount | null, isLater: boolean): string {
  if (amount === null) return isLater ? words.kinds.later : words.kinds.nothing;
  return [
    `${words.known} ${percent(knownShare(amount))}`,
    `${words.have} ${durationS(amount.haveS)}`,
    amount.recoveredS > 0 && `${words.recovered} ${durationS(amount.recoveredS)}`,
    amount.missingS > 0 && `${words.missing} ${durationS(amount.missingS)}`,
  ]
    .filter(Boolean)
    .join(", ");
}

/** Vehicles by their name, or how many they are. */
export const vehicleWords = (labels: readonly string[]): string =>
  labels.length === 1 ? (labels[0] ?? "") : words.selected.vehicles(labels.length, count(labels.length));
