import { toIso } from "../../time.ts";
import { readEventTime } from "../event-time.ts";
import { readFlag, readInteger, readWithin } from "../values.ts";
import { contactOf } from "./contact.ts";
import { parserOf, rowAt } from "./item.ts";

/** Polls tell the signal in levels of 0-4, heartbeats in 0-100. */
const GSM_PERCENT_PER_LEVEL = 25;

/** `/pushhb` (reference §3.4): whoever beats is online. */
export const parseHeartbeat = parserOf("pushhb", (item) => {
  const { fields, arrival } = item;
  const time = readEventTime("gateTime", fields.gateTime, arrival);
  if ("reason" in time) return { rejection: time };
  const ignition = readFlag(fields.acc);
  const batteryPercent = readWithin(fields.powerLevel, 0, 100);
  const gsmPercent = readInteger(fields.gsmSign, 0, 100);
  const temperatureC = readWithin(fields.temperature, -273, 1_000);
  const voltageV = readWithin(fields.voltage, 0, 1_000);
  return {
    contact: contactOf(item, time.ms, {
      online: true,
      ignition,
      batteryPercent,
      gsmLevel: gsmPercent === null ? null : Math.round(gsmPercent / GSM_PERCENT_PER_LEVEL),
      temperatureC,
      externalVoltageV: voltageV,
    }),
    facts: {
      heartbeats: [
        {
          ...rowAt(item, toIso(time.ms)),
          batteryPercent,
          gsmPercent,
          ignition,
          relayCut: readFlag(fields.oilEle),
          hasFix: readFlag(fields.gpsPos),
          remoteLock: readFlag(fields.remoteLock),
          charging: readFlag(fields.powerStatus),
          armed: readFlag(fields.fortify),
          temperatureC,
          voltageV,
        },
      ],
    },
  };
});
