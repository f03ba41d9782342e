import { arrivals } from "../../fleet/arrivals.ts";
import { positionAt } from "../../fleet/position.ts";
import { DRAW, dice } from "../../fleet/random.ts";
import { heartbeatsBetween } from "../../fleet/reports.ts";
import { factOf, gateTime, hubKind, isoTime } from "../message.ts";

/** `/pushhb`: every 180 s while there is power and network. */
export const heartbeats = hubKind("pushhb", (device, span) => {
  const { vehicle } = device;
  return arrivals(vehicle, span, ({ fromS, toS }) =>
    heartbeatsBetween(vehicle, fromS, toS).map((takenS) => ({ takenS })),
  )
    .filter(({ stored }) => !stored) // lost on the way out of coverage: a heartbeat is not sent again
    .map(({ takenS, arrivedS }) => {
      const { ignition } = positionAt(vehicle, takenS);
      const { externalPower } = vehicle.model;
      const roll = dice(vehicle.seed, DRAW.signal, Math.floor(takenS / 3600));
      const batteryPercent = externalPower ? 100 : 30 + Math.floor(70 * roll);
      const gsmPercent = 40 + Math.floor(60 * dice(vehicle.seed, DRAW.signal, takenS));
      return {
        arrivedS,
        item: {
          deviceImei: vehicle.imei,
          gateTime: gateTime(arrivedS),
          powerLevel: batteryPercent,
          gsmSign: gsmPercent,
          acc: ignition ? 1 : 0,
          oilEle: 0,
          gpsPos: 1,
          remoteLock: 0,
          powerStatus: externalPower ? 1 : 0,
          fortify: 0,
        },
        list: "heartbeats",
        fact: {
          ...factOf(device),
          gateTime: isoTime(arrivedS),
          batteryPercent,
          gsmPercent,
          ignition,
          charging: externalPower,
        },
      };
    });
});
