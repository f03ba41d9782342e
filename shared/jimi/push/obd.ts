import { readNumber, readText, readWithin } from "../values.ts";
import { type Fields, parserOf, readAlias, readMoment, readObject, rowOf } from "./item.ts";

/** No public source shows the fields (reference §3.4): each value is read under the first name that has one. */
const ALIASES = {
  times: ["obdTime", "gpsTime", "dataReportTime", "postTime", "gateTime"],
  containers: ["obdJson", "obdData", "obd", "data", "msg"],
  engineRpm: ["engineRpm", "rpm", "currentRPM"],
  speedKmh: ["vehicleSpeed", "speed", "currentSpeed"],
  fuelLevel: ["fuelLevel", "remainingFuelPercentage", "remainingFuel", "oil"],
  coolantC: ["coolantTemp", "coolantTemperature"],
  batteryVoltageV: ["batteryVoltage", "voltage", "vehicleBatterVoltage"],
  odometer: ["totalMileage", "odometerReading", "mileage"],
} as const;

/** No vehicle battery has more volts: polls give tenths ("138", reference §2.9). */
const MOST_VOLTS = 60;

/** `/pushobd`: readings of the vehicle's own bus, at the top or in an object of their own. */
export const parseObd = parserOf("pushobd", (item) => {
  const fields: Fields = { ...item.fields, ...readAlias(item.fields, ALIASES.containers, readObject) };
  const moment = readMoment(fields, ALIASES.times, item.arrival);
  if ("reason" in moment) return { rejection: moment };
  return { facts: { obdReadings: [{ ...rowOf(item, moment), ...readObdValues(fields), source: "push" }] } };
});

/** The values of a reading, pushed or polled. */
export function readObdValues(fields: Fields) {
  return {
    engineRpm: readAlias(fields, ALIASES.engineRpm, within(0, 30_000)),
    speedKmh: readAlias(fields, ALIASES.speedKmh, within(0, 1_000)),
    fuelLevel: readAlias(fields, ALIASES.fuelLevel, within(0, 10_000)),
    coolantC: readAlias(fields, ALIASES.coolantC, within(-100, 500)),
    batteryVoltageV: readAlias(fields, ALIASES.batteryVoltageV, readVolts),
    odometer: readAlias(fields, ALIASES.odometer, within(0, 10_000_000_000)),
    vin: readText(fields.vin),
  };
}

function within(minimum: number, maximum: number) {
  return (value: unknown) => readWithin(value, minimum, maximum);
}

function readVolts(value: unknown): number | null {
  const volts = readNumber(value);
  if (volts === null || volts < 0 || volts > 10 * MOST_VOLTS) return null;
  return volts > MOST_VOLTS ? volts / 10 : volts;
}
