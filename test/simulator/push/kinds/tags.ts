import { arrivals } from "../../fleet/arrivals.ts";
import { equipmentOf } from "../../fleet/equipment.ts";
import { turnsIn } from "../../fleet/happenings.ts";
import { holeAt } from "../../fleet/holes.ts";
import { positionAt } from "../../fleet/position.ts";
import { factOf, isoTime, type Kind } from "../message.ts";

const BEACON_EVERY_S = 600;

/** Positions of asset tags (reference §3.3): Unix milliseconds, no token, no second try, success is 200. */
export const tags: Kind = {
  name: "tag",
  path: "/api/v1/tag/data/push",
  onlyEnvelope: "E5",
  once: true,
  successCode: 200,
  messages: (device, span) => {
    const { vehicle, clockOffsetS } = device;
    if (!equipmentOf(vehicle).tag) return [];
    return arrivals(vehicle, span, (taken) =>
      turnsIn(vehicle, taken, BEACON_EVERY_S).filter(
        ({ takenS }) => holeAt(vehicle, takenS, "platform") === undefined,
      ),
    ).map(({ takenS, arrivedS }) => {
      const { lat, lng } = positionAt(vehicle, takenS);
      const gpsTimeS = takenS + clockOffsetS;
      return {
        arrivedS,
        item: {
          gpsNum: 3,
          gpsTime: gpsTimeS * 1000,
          imei: vehicle.imei,
          lat,
          lng,
          positionType: "BEACON",
        },
        list: "tags",
        fact: { ...factOf(device), gpsTime: isoTime(gpsTimeS), lat, lng, positionType: "BEACON" },
      };
    });
  },
};
