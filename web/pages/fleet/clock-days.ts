import { startOfDayMs } from "../../parts/time.ts";
import type { Answers } from "../../shell/api.ts";

/** A day of a driver with a vehicle. */
export type ClockDay = Answers["DriverClock"]["days"][number];
export type ClockStatus = ClockDay["status"];

/** From what needs the eye to what does not. */
export const STATUSES = ["late", "missing", "on_time", "awaited", "free", "unknown"] as const;

/** The days of a driver, added up. */
export interface DriverDays {
  driver: string;
  days: number;
  counts: Readonly<Record<ClockStatus, number>>;
  /** Seconds after midnight of the fleet's day; what is the next morning is beyond 86,400. Median of those known. */
  beganS: number | null;
  endedS: number | null;
  /** Mean of the days on which they were late. */
  meanLateS: number | null;
}

/** Adds up the days of each driver. */
export function byDriver(days: readonly ClockDay[]): DriverDays[] {
  const drivers = new Map<string, ClockDay[]>();
  for (const day of days) {
    const of = drivers.get(day.driver);
    if (of) of.push(day);
    else drivers.set(day.driver, [day]);
  }
  const midnights = new Map<string, number>();
  const afterMidnightS = (at: string | null, { day }: ClockDay): number | null => {
    if (at === null) return null;
    const midnightMs = midnights.get(day) ?? startOfDayMs(day);
    midnights.set(day, midnightMs);
    return (Date.parse(at) - midnightMs) / 1000;
  };
  return [...drivers].map(([driver, of]) => ({
    driver,
    days: of.length,
    counts: countsOf(of),
    beganS: median(of.map((day) => afterMidnightS(day.beganAt ?? day.firstMovingAt, day))),
    endedS: median(of.map((day) => afterMidnightS(day.endedAt, day))),
    meanLateS: mean(of.map(({ status, lateS }) => (status === "late" ? lateS : null))),
  }));
}

/** How many days began how. */
export function countsOf(days: readonly ClockDay[]): Record<ClockStatus, number> {
  const counts = Object.fromEntries(STATUSES.map((status) => [status, 0])) as Record<ClockStatus, number>;
  // A status that a newer server knows is none that this page can tell.
  for (const { status } of days) counts[STATUSES.includes(status) ? status : "unknown"] += 1;
  return counts;
}

/** Days on which somebody was expected, and it is known whether they came. */
export const expectedOf = (counts: Readonly<Record<ClockStatus, number>>): number =>
  counts.on_time + counts.late + counts.missing;

const known = (values: readonly (number | null)[]) => values.filter((value) => value !== null);

function median(values: readonly (number | null)[]): number | null {
  const sorted = known(values).sort((a, b) => a - b);
  const [low, high] = [sorted[Math.floor((sorted.length - 1) / 2)], sorted[Math.floor(sorted.length / 2)]];
  return low === undefined || high === undefined ? null : (low + high) / 2;
}

function mean(values: readonly (number | null)[]): number | null {
  const all = known(values);
  return all.length === 0 ? null : all.reduce((sum, value) => sum + value, 0) / all.length;
}
