import accounts from "#sql/workers/writer/facts/accounts.sql";
import alarmEnds from "#sql/workers/writer/facts/alarm-ends.sql";
import alarmSpans from "#sql/workers/writer/facts/alarm-spans.sql";
import alarms from "#sql/workers/writer/facts/alarms.sql";
import deviceEvents from "#sql/workers/writer/facts/device-events.sql";
import deviceGroups from "#sql/workers/writer/facts/device-groups.sql";
import driverSightings from "#sql/workers/writer/facts/driver-sightings.sql";
import faultCodes from "#sql/workers/writer/facts/fault-codes.sql";
import fuelReadings from "#sql/workers/writer/facts/fuel-readings.sql";
import heartbeats from "#sql/workers/writer/facts/heartbeats.sql";
import lbsReadings from "#sql/workers/writer/facts/lbs-readings.sql";
import obdReadings from "#sql/workers/writer/facts/obd-readings.sql";
import parkingEvents from "#sql/workers/writer/facts/parking-events.sql";
import temperatureReadings from "#sql/workers/writer/facts/temperature-readings.sql";
import trips from "#sql/workers/writer/facts/trips.sql";
import turns from "#sql/workers/writer/facts/turns.sql";
import type { FactRows } from "../../../shared/records.ts";
import type { FactTurns } from "./gather-facts.ts";

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
