import type { FactRows } from "../../../shared/records.ts";
import accounts from "./accounts.sql";
import alarmEnds from "./alarm-ends.sql";
import alarmSpans from "./alarm-spans.sql";
import alarms from "./alarms.sql";
import deviceEvents from "./device-events.sql";
import deviceGroups from "./device-groups.sql";
import driverSightings from "./driver-sightings.sql";
import faultCodes from "./fault-codes.sql";
import fuelReadings from "./fuel-readings.sql";
import type { FactTurns } from "./gather-facts.ts";
import heartbeats from "./heartbeats.sql";
import lbsReadings from "./lbs-readings.sql";
import obdReadings from "./obd-readings.sql";
import parkingEvents from "./parking-events.sql";
import temperatureReadings from "./temperature-readings.sql";
import trips from "./trips.sql";
import turns from "./turns.sql";

/** One statement per table of facts, in the order in which every transaction takes the tables. */
export const FACT_STATEMENTS: Record<keyof (FactRows & FactTurns), string> = {
  turns,
  alarms,
  alarmEnds,
  alarmSpans,
  trips,
  parkingEvents,
  obdReadings,
  faultCodes,
  fuelReadings,
  temperatureReadings,
  lbsReadings,
  heartbeats,
  deviceEvents,
  driverSightings,
  accounts,
  deviceGroups,
};

/** Those whose statements return the keys of the rows they wrote. */
export const FACT_TABLES = [
  "alarms",
  "alarmEnds",
  "trips",
  "parkingEvents",
  "obdReadings",
  "faultCodes",
  "fuelReadings",
  "temperatureReadings",
  "lbsReadings",
  "heartbeats",
  "deviceEvents",
  "driverSightings",
  "accounts",
  "deviceGroups",
] as const satisfies (keyof FactRows)[];
