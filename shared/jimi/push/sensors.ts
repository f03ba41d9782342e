import { readNumber, readText, readWithin } from "../values.ts";
import { parserOf, readAlias, readMoment, rowOf } from "./item.ts";

/** Names of reference §3.4. */
const TIMES = ["gateTime", "gpsTime"] as const;
const OIL = ["oil", "oilValue", "oilLevel", "value", "percent"] as const;
const OIL_SENSOR = ["sensorNo", "channel"] as const;
const TEMPERATURE = ["temperature", "temp"] as const;
const HUMIDITY = ["humidity", "hum"] as const;
const TEMPERATURE_SENSOR = ["sensorId", "mac", "channel"] as const;

/** `/pushoil`: a fuel sensor. Whether it means litres or percent only `unit` could tell: kept as sent. */
export const parseOil = parserOf("pushoil", (item) => {
  const { fields, arrival } = item;
  const moment = readMoment(fields, TIMES, arrival);
  if ("reason" in moment) return { rejection: moment };
  const reading = {
    ...rowOf(item, moment),
    value: readAlias(fields, OIL, readNumber),
    unit: readText(fields.unit),
    sensor: readAlias(fields, OIL_SENSOR, readText),
  };
  return { facts: { fuelReadings: [reading] } };
});

/** `/pushtem`: temperature and humidity. */
export const parseTemperature = parserOf("pushtem", (item) => {
  const { fields, arrival } = item;
  const moment = readMoment(fields, TIMES, arrival);
  if ("reason" in moment) return { rejection: moment };
  const reading = {
    ...rowOf(item, moment),
    temperatureC: readAlias(fields, TEMPERATURE, (value) => readWithin(value, -273, 1_000)),
    humidityPercent: readAlias(fields, HUMIDITY, (value) => readWithin(value, 0, 100)),
    sensor: readAlias(fields, TEMPERATURE_SENSOR, readText),
  };
  return { facts: { temperatureReadings: [reading] } };
});
