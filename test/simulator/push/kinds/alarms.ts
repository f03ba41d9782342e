import { DEVICE_CODES } from "../../fleet/alarms.ts";
import { type Arrived, arrivals, type Span } from "../../fleet/arrivals.ts";
import { equipmentOf } from "../../fleet/equipment.ts";
import { type Happening, happeningsIn } from "../../fleet/happenings.ts";
import { vinOf } from "../../fleet/obd.ts";
import { positionAt } from "../../fleet/position.ts";
import { connectionsIn } from "../connections.ts";
import { type Device, factOf, gateTime, hubKind, isoTime, type Message, ownTime } from "../message.ts";

/** `/pushalarm`: alarms, their ends, and after a log-in the SIM and VIN. */
export const alarms = hubKind("pushalarm", (device, span) =>
  [
    ...arrivals(device.vehicle, span, (taken) => happeningsIn(device.vehicle, taken)).map((happening) =>
      alarmOf(device, happening),
    ),
    ...identities(device, span),
  ].sort((a, b) => a.arrivedS - b.arrivedS),
);

function alarmOf(device: Device, { what, takenS, arrivedS, stored }: Arrived<Happening>): Message {
  const { vehicle, clockOffsetS } = device;
  const { jtt } = equipmentOf(vehicle);
  const code = jtt ? DEVICE_CODES[what].jtt : DEVICE_CODES[what].jimi;
  const subtype = jtt ? DEVICE_CODES[what].jttSubtype : undefined;
  const ended = what === "overspeed-end";
  const at = positionAt(vehicle, takenS);
  const alarmTime = ownTime(device, takenS);
  return {
    arrivedS,
    item: {
      type: "DEVICE",
      msgClass: jtt ? 1 : 0,
      imei: vehicle.imei,
      gateTime: gateTime(arrivedS),
      msg: {
        // The end of an alarm is an alarm of its own (§4, quirk 35).
        ...(ended ? { alertType: "removeAlarmType", removeAlarmType: code } : { alertType: code }),
        ...(subtype === undefined ? {} : { alarmType: subtype }),
        ...(jtt ? { alarmLevel: 1, alarmLabel: "30303030" } : {}),
        alarmTime,
        gpsTime: alarmTime,
        lng: at.lng,
        lat: at.lat,
        gpsSpeed: at.speedKmh,
        direction: at.headingDeg,
        satelliteNum: at.satellites,
        gpsMode: stored ? 1 : 0,
      },
    },
    list: "alarms",
    fact: {
      ...factOf(device),
      msgClass: jtt ? 1 : 0,
      code,
      subtype: subtype ?? null,
      ended,
      alarmTime: isoTime(takenS + clockOffsetS),
      gateTime: isoTime(arrivedS),
      lat: at.lat,
      lng: at.lng,
      speedKmh: at.speedKmh,
    },
  };
}

function identities(device: Device, span: Span): Message[] {
  const { vehicle } = device;
  const { imei, index, seed } = vehicle;
  const iccid = `8925400${String(index).padStart(5, "0")}${String(seed).padStart(10, "0").slice(-8)}`;
  const known: [string, Record<string, string>][] = [["ICCID", { iccid }]];
  if (equipmentOf(vehicle).obd) known.push(["VIN", { vin: vinOf(vehicle) }]);
  return connectionsIn(vehicle, span)
    .filter(({ type }) => type === "LOGIN")
    .flatMap(({ atS, arrivedS }) =>
      known.map(([type, msg]) => ({
        arrivedS,
        item: { type, imei, gateTime: gateTime(atS), msg },
        list: "identities",
        fact: { ...factOf(device), type, gateTime: isoTime(atS), ...msg },
      })),
    );
}
