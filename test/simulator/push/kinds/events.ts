import { connectionsIn } from "../connections.ts";
import { factOf, gateTime, hubKind, isoTime } from "../message.ts";

/** `/pushevent`: log-out and log-in around every outage. */
export const events = hubKind("pushevent", (device, span) =>
  connectionsIn(device.vehicle, span).map(({ type, atS, arrivedS }) => ({
    arrivedS,
    item: { deviceImei: device.vehicle.imei, type, gateTime: gateTime(atS), timezone: "GMT+03:00" },
    list: "events",
    fact: { ...factOf(device), type, gateTime: isoTime(atS) },
  })),
);
