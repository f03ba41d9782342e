import { arrivals, type Span, type Taken } from "../../fleet/arrivals.ts";
import { equipmentOf } from "../../fleet/equipment.ts";
import { happeningsIn, turnsIn } from "../../fleet/happenings.ts";
import type { Vehicle } from "../../fleet/vehicle.ts";
import { gateTime, hubKind, type Kind, otherMessage } from "../message.ts";

const HOUR_S = 3600;

type When = (vehicle: Vehicle, taken: Span) => Taken[];

const module = (name: string, when: When, say: (vehicle: Vehicle, atS: number) => object): Kind =>
  hubKind(name, ({ vehicle }, span) =>
    arrivals(vehicle, span, (taken) => when(vehicle, taken)).map(({ takenS, arrivedS }) =>
      otherMessage(name, arrivedS, {
        deviceImei: vehicle.imei,
        gateTime: gateTime(arrivedS),
        ...say(vehicle, takenS),
      }),
    ),
  );

const every =
  (everyS: number, has: (vehicle: Vehicle) => boolean): When =>
  (vehicle, taken) =>
    has(vehicle) ? turnsIn(vehicle, taken, everyS) : [];

const bytes = (vehicle: Vehicle, atS: number) => ({
  content: `0102${((vehicle.seed ^ atS) >>> 0).toString(16).toUpperCase().padStart(8, "0")}`,
});

/** Paths of built-in and plugged-in modules, whose fields no public source shows (reference §3.4). */
export const modules: readonly Kind[] = [
  module(
    "rfid",
    (vehicle, taken) =>
      equipmentOf(vehicle).cardReader
        ? happeningsIn(vehicle, taken).filter(({ what }) => what === "ignition-on")
        : [],
    ({ index }) => ({ rfid: `0012${String(index).padStart(6, "0")}` }),
  ),
  module(
    "wgtc",
    every(HOUR_S, (vehicle) => equipmentOf(vehicle).thermometer),
    bytes,
  ),
  module(
    "pushPassThroughData",
    every(HOUR_S / 2, (vehicle) => equipmentOf(vehicle).jtt),
    bytes,
  ),
  module(
    "pushFileContent",
    every(6 * HOUR_S, (vehicle) => equipmentOf(vehicle).camera),
    bytes,
  ),
  module(
    "pushextendedkks",
    every(HOUR_S, (vehicle) => equipmentOf(vehicle).cardReader),
    bytes,
  ),
  module(
    "generalBusiness",
    every(HOUR_S / 2, (vehicle) => equipmentOf(vehicle).obd),
    ({ seed }) => ({ mac: (seed % 2 ** 24).toString(16).toUpperCase().padStart(12, "A4C138") }),
  ),
];
