import { type Arrived, arrivedBy, type Span, type Taken } from "./arrivals.ts";
import { equipmentOf } from "./equipment.ts";
import { crossingsIn, fenceOf } from "./fences.ts";
import { type Happening, happeningsIn } from "./happenings.ts";
import type { Vehicle } from "./vehicle.ts";

/** The same doings in the two lists of codes (reference §5.1, §5.3). */
export const DEVICE_CODES: Record<Happening["what"], { jimi: number; jtt: number; jttSubtype?: number }> = {
  "ignition-on": { jimi: 254, jtt: 3075 },
  "ignition-off": { jimi: 255, jtt: 3076 },
  braking: { jimi: 48, jtt: 1043 },
  overspeed: { jimi: 6, jtt: 1027 },
  "overspeed-end": { jimi: 6, jtt: 1027 },
  distraction: { jimi: 143, jtt: 265, jttSubtype: 4 },
};

const NAMES: Record<Happening["what"], string> = {
  "ignition-on": "Ignition on",
  "ignition-off": "Ignition off",
  braking: "Sudden deceleration",
  overspeed: "Overspeed alert",
  "overspeed-end": "Overspeed ended",
  distraction: "Distraction",
};

/** A code of a firmware newer than every list; every third vehicle says it when it is home again. */
const UNLISTED = { code: "4711", name: "Alarm 4711" };
const UNLISTED_EVERY = 3;

/** An alarm as `alarm.list` knows it: a number of the JIMI list or a word of the platform's. */
export interface ListedAlarm extends Taken {
  code: string;
  name: string;
  /** Of a platform fence. */
  geoid: string | null;
}

/** The listed alarms of a span of the device's own time that reached the platform by an instant, in order. */
export function listedAlarms(vehicle: Vehicle, span: Span, nowS: number): Arrived<ListedAlarm>[] {
  return arrivedBy(vehicle, span, nowS, (taken) => [
    ...happeningsIn(vehicle, taken).flatMap((happening) => deviceAlarms(vehicle, happening)),
    ...fenceAlarms(vehicle, taken),
  ]).sort((a, b) => a.takenS - b.takenS);
}

/** The ends of alarms are only pushed, and so is what a JT/T device has no number of the JIMI list for. */
function deviceAlarms(vehicle: Vehicle, { what, takenS }: Happening): ListedAlarm[] {
  const alarm = (code: string, name: string): ListedAlarm => ({ takenS, code, name, geoid: null });
  const alike = !equipmentOf(vehicle).jtt || what === "ignition-on" || what === "ignition-off";
  const numbered =
    alike && what !== "overspeed-end" ? [alarm(String(DEVICE_CODES[what].jimi), NAMES[what])] : [];
  return what === "overspeed" ? [...numbered, alarm("overSpeed", "Overspeed")] : numbered;
}

/** The fence's name is inside the alarm's (reference §2.8). */
function fenceAlarms(vehicle: Vehicle, span: Span): ListedAlarm[] {
  const { name, geoid } = fenceOf(vehicle);
  return crossingsIn(vehicle, span).flatMap(({ takenS, into }) => {
    const crossing = into
      ? { takenS, code: "in", name: `Enter geo-fence(${name})`, geoid }
      : { takenS, code: "out", name: `Exit geo-fence(${name})`, geoid };
    const unlisted = into && vehicle.seed % UNLISTED_EVERY === 0;
    return unlisted ? [crossing, { takenS, ...UNLISTED, geoid: null }] : [crossing];
  });
}
