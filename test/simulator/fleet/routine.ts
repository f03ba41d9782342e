import { DRAW, dice, hash32 } from "./random.ts";

const HOUR_S = 3600;
const DAY_S = 24 * HOUR_S;
/** Africa/Nairobi is UTC+3 all year. */
const ZONE_S = 3 * HOUR_S;
/** Day number 0 of every odometer: 1 January 2025, in days since 1970. */
const FIRST_DAY = 20_089;
/** 1970-01-01 was a Thursday. */
const WEEKDAY_OF_DAY_0 = 4;

/** Enough of the fleet drives at night that a map looked at after hours is alive. */
const NIGHT_SHARE = 0.43;
const MEAN_SPEED_MPS = 30 / 3.6;
/** A day's distance differs from the mean by up to this share of it, either way. */
const DISTANCE_SPREAD = 0.22;

/**
 * A vehicle's habits. Its day is not the calendar's: it begins at midnight for day shifts and at noon for night
 * shifts, so that at its borders the vehicle is always parked at home.
 */
export interface Routine {
  seed: number;
  dayBeginsS: number;
  /** Weekday without work, 0 = Sunday; -1 for night shifts, which never rest. */
  offWeekday: number;
  /** Seconds between the beginning of the vehicle's day and its shift. */
  shiftStartS: number;
  shiftLengthS: number;
  meanDayM: number;
  /** Odometer at the beginning of {@link FIRST_DAY}. */
  firstOdometerM: number;
}

/** @param place where the vehicle stands in the fleet, in [0, 1): evenly spread, so small fleets are mixed too */
export function routineOf(vehicleSeed: number, place: number): Routine {
  const seed = hash32(vehicleSeed, DRAW.routine);
  const night = place < NIGHT_SHARE;
  const restsOnSunday = dice(seed, 1) < 0.07;
  const shiftLengthS = (night ? 13.4 : 12.2) * HOUR_S + dice(seed, 2) * 1.2 * HOUR_S;
  const drivingShare = (night ? 0.72 : 0.64) + dice(seed, 3) * 0.1;
  return {
    seed,
    dayBeginsS: night ? DAY_S / 2 : 0,
    offWeekday: night ? -1 : restsOnSunday ? 0 : Math.floor(dice(seed, 4) * 7),
    shiftStartS: (night ? 4.2 : 4.7) * HOUR_S + dice(seed, 5) * (night ? 1.2 : 1.4) * HOUR_S,
    shiftLengthS,
    meanDayM: shiftLengthS * drivingShare * MEAN_SPEED_MPS,
    firstOdometerM: 2_000_000 + dice(seed, 6) * 60_000_000,
  };
}

/** The vehicle's day an instant belongs to. */
export function dayAt(routine: Routine, atS: number): number {
  return Math.floor((atS + ZONE_S - routine.dayBeginsS) / DAY_S);
}

/** Instant (Unix seconds) a vehicle's day begins at. */
export function dayStartS(routine: Routine, day: number): number {
  return day * DAY_S - ZONE_S + routine.dayBeginsS;
}

export function worksOn(routine: Routine, day: number): boolean {
  return (day + WEEKDAY_OF_DAY_0) % 7 !== routine.offWeekday;
}

/** When the shift of a day begins (Unix seconds), some minutes earlier or later every day. */
export function shiftStartS(routine: Routine, day: number): number {
  const jitterS = Math.round((dice(routine.seed, DRAW.plan, day) - 0.5) * 2400);
  return dayStartS(routine, day) + Math.round(routine.shiftStartS) + jitterS;
}

/**
 * Odometer at the beginning of a day, in metres. A closed form instead of a sum over all past days: a steady
 * climb plus a bounded wobble. The plan of a day drives exactly the difference between two of these.
 */
export function odometerAtDayStartM(routine: Routine, day: number): number {
  const worked = workdaysBefore(routine, day) - workdaysBefore(routine, FIRST_DAY);
  const wobble = dice(routine.seed, DRAW.odometer, worked) * DISTANCE_SPREAD;
  return routine.firstOdometerM + (worked + wobble) * routine.meanDayM;
}

function workdaysBefore(routine: Routine, day: number): number {
  if (routine.offWeekday < 0) return day;
  const firstOffDay = (routine.offWeekday - WEEKDAY_OF_DAY_0 + 7) % 7;
  const weeks = Math.floor(day / 7);
  return 6 * weeks + (day - 7 * weeks) - (firstOffDay < day - 7 * weeks ? 1 : 0);
}
