import { arrivals } from "../../fleet/arrivals.ts";
import { equipmentOf } from "../../fleet/equipment.ts";
import { type Happening, happeningsIn, turnsIn } from "../../fleet/happenings.ts";
import { positionAt } from "../../fleet/position.ts";
import { factOf, isoTime, type Kind, otherMessage, ownTime } from "../message.ts";

const RAW_EVERY_S = 6 * 3600;

/** The platform's own words for what it makes an alarm of (reference §5.2). */
const WORDS: Partial<Record<Happening["what"], [code: string, name: string]>> = {
  "ignition-on": ["ACC_ON", "ACC ON"],
  "ignition-off": ["ACC_OFF", "ACC OFF"],
  overspeed: ["overSpeed", "Overspeed"],
};

/** The Open API pushes one bare thing at a time to the base URL, and says nothing about trying again (§3.2). */
const openApiKind = (name: string, messages: Kind["messages"]): Kind => ({
  name,
  path: "",
  onlyEnvelope: "E1",
  singly: true,
  once: true,
  successCode: 0,
  messages,
});

export const platformAlarms = openApiKind("jimi.push.device.alarm", (device, span) => {
  const { vehicle, clockOffsetS } = device;
  return arrivals(vehicle, span, (taken) => happeningsIn(vehicle, taken)).flatMap(
    ({ what, takenS, arrivedS }) => {
      const [code, name] = WORDS[what] ?? [];
      if (code === undefined) return [];
      const { lat, lng } = positionAt(vehicle, takenS);
      return {
        arrivedS,
        item: {
          imei: vehicle.imei,
          deviceName: vehicle.name,
          alarmType: code,
          alarmName: name,
          lat,
          lng,
          alarmTime: ownTime(device, takenS),
        },
        list: "alarms" as const,
        fact: {
          ...factOf(device),
          msgClass: null,
          code,
          subtype: null,
          ended: false,
          alarmTime: isoTime(takenS + clockOffsetS),
          gateTime: null,
          lat,
          lng,
          speedKmh: null,
        },
      };
    },
  );
});

export const rawCommandAnswers = openApiKind("jimi.open.instruction.raw.receive", ({ vehicle }, span) => {
  if (equipmentOf(vehicle).tag) return [];
  return arrivals(vehicle, span, (taken) => turnsIn(vehicle, taken, RAW_EVERY_S)).map(
    ({ takenS, arrivedS }) =>
      otherMessage("jimi.open.instruction.raw.receive", arrivedS, {
        imei: vehicle.imei,
        deviceName: vehicle.name,
        raw_data: `0A0C${takenS.toString(16).toUpperCase().padStart(8, "0")}0101`,
      }),
  );
});
