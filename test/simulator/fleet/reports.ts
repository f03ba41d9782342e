import { outageAt, ownOutageAt, poweredSinceS } from "./coverage.ts";
import { holeAt } from "./holes.ts";
import type { Segment } from "./plan.ts";
import { segmentAt, type Truth, truthAt } from "./timeline.ts";
import type { Vehicle } from "./vehicle.ts";

/** A tracker sends a fix this often. Parked it sends one, on arrival, and then only heartbeats. */
const FIX_EVERY_S = { driving: 10, idling: 30 };
const HEARTBEAT_EVERY_S = 180;
/** Stored points come in this many times faster than they were taken. */
const CATCH_UP = 60;
/** A device parked for longer is looked back upon no further. */
const LONGEST_LOOK_BACK_S = 60 * 86_400;

/** A fix as a device reported it. Instants are whole Unix seconds. */
export interface Report extends Truth {
  fixS: number;
  /** When the platform received it: later than usual for points stored during an outage. */
  arrivedS: number;
  /** The point was stored and sent later (`gpsMode` 1 in track lists). */
  stored: boolean;
}

/** What the platform knows of a device: its newest fix and when it last heard from it. */
export interface LastKnown {
  report: Report;
  contactS: number;
}

/** All fixes a device took in [fromS, toS], in order, with the instants they reached the platform at. */
export function reportsBetween(vehicle: Vehicle, fromS: number, toS: number): Report[] {
  return fixesBetween(vehicle, fromS, toS).map((fixS) => reportOf(vehicle, fixS));
}

/** The instants of all fixes a device took in [fromS, toS], in order. Those without power do not exist. */
export function fixesBetween(vehicle: Vehicle, fromS: number, toS: number): number[] {
  if (vehicle.condition === "unactivated") return [];
  const fixes: number[] = [];
  for (let atS = fromS; atS <= toS; ) {
    const segment = segmentAt(vehicle, atS);
    for (const fixS of fixInstants(vehicle, segment, atS, Math.min(toS, segment.endS - 1))) {
      const outage = outageAt(vehicle, fixS);
      if (outage === undefined || outage.stored) fixes.push(fixS);
    }
    atS = segment.endS;
  }
  return fixes;
}

/** What the platform shows at an instant (Unix seconds); undefined for a device that never reported. */
export function lastKnown(vehicle: Vehicle, atS: number): LastKnown | undefined {
  const known = lastHeard(vehicle, atS);
  const hidden = known && holeAt(vehicle, known.report.fixS, "platform");
  if (known === undefined || hidden === undefined) return known;
  const before = lastKnown(vehicle, hidden.fromS + vehicle.latencyS - 1);
  return before && { ...before, contactS: known.contactS };
}

function lastHeard(vehicle: Vehicle, atS: number): LastKnown | undefined {
  if (vehicle.condition === "unactivated") return undefined;
  const outage = outageAt(vehicle, atS);
  if (outage !== undefined) return knownBefore(vehicle, outage.startS - 1);
  const known = knownBefore(vehicle, atS);
  if (known === undefined || known.report.arrivedS <= atS) return known;
  // The outage has just ended and the newest point is still on its way: the old ones stand.
  const { fixS } = known.report;
  const ended = outageAt(vehicle, fixS) ?? outageAt(vehicle, fixS + vehicle.latencyS);
  const before = knownBefore(vehicle, (ended?.startS ?? Math.floor(atS)) - 1);
  return before === undefined
    ? undefined
    : { ...before, contactS: Math.max(before.contactS, known.contactS) };
}

function knownBefore(vehicle: Vehicle, beforeS: number): LastKnown | undefined {
  const visibleS = Math.floor(beforeS) - vehicle.latencyS;
  const segment = segmentAt(vehicle, visibleS);
  const startS = contactsSinceS(vehicle, segment, visibleS);
  const fixS = latestFixS(vehicle, segment, startS, visibleS);
  const report = reportsBetween(vehicle, fixS, fixS)[0];
  if (report === undefined) return undefined;
  const heartbeatS = latestStep(startS, visibleS, HEARTBEAT_EVERY_S);
  // A heartbeat that fell into an outage was not heard; the device reconnects when the outage ends.
  const heardS = (outageAt(vehicle, heartbeatS)?.endS ?? heartbeatS) + vehicle.latencyS;
  return { report, contactS: Math.max(Math.min(heardS, beforeS), Math.min(report.arrivedS, beforeS)) };
}

function latestFixS(vehicle: Vehicle, { kind }: Segment, startS: number, visibleS: number): number {
  if (vehicle.fixEveryS !== undefined) return latestStep(phaseS(vehicle), visibleS, vehicle.fixEveryS);
  return kind === "parked" ? startS : latestStep(startS, visibleS, FIX_EVERY_S[kind]);
}

/** Where the turns of a device begin that takes a fix every so many seconds: not all take theirs at once. */
const phaseS = ({ seed, fixEveryS = 1 }: Vehicle): number => seed % fixEveryS;

const latestStep = (startS: number, atS: number, everyS: number): number =>
  startS + Math.floor((atS - startS) / everyS) * everyS;

/** The instants of a segment a fix is taken at, within [fromS, toS]. */
function fixInstants(vehicle: Vehicle, segment: Segment, fromS: number, toS: number): number[] {
  const poweredS = poweredSinceS(vehicle, toS);
  const startS = Math.max(segment.startS, poweredS);
  if (vehicle.fixEveryS !== undefined) {
    return stepsIn(phaseS(vehicle), vehicle.fixEveryS, Math.max(fromS, startS), toS);
  }
  if (segment.kind === "parked") {
    // A device that gets its power back reports once, wherever it is.
    const arrived = segment.sinceYesterday && startS === segment.startS ? [] : [startS];
    return arrived.filter((fixS) => fixS >= fromS && fixS <= toS);
  }
  return stepsIn(startS, FIX_EVERY_S[segment.kind], fromS, toS);
}

function stepsIn(startS: number, everyS: number, fromS: number, toS: number): number[] {
  const firstS = startS + Math.max(0, Math.ceil((fromS - startS) / everyS)) * everyS;
  const instants: number[] = [];
  for (let fixS = firstS; fixS <= toS; fixS += everyS) instants.push(fixS);
  return instants;
}

function reportOf(vehicle: Vehicle, fixS: number): Report {
  return { ...truthAt(vehicle, fixS), fixS, ...arrivalOf(vehicle, fixS) };
}

/** When what a device recorded at an instant reaches the platform, provided that it had power. */
export function arrivalOf(vehicle: Vehicle, takenS: number): Pick<Report, "arrivedS" | "stored"> {
  const liveS = takenS + vehicle.latencyS;
  const late = holeAt(vehicle, takenS, "late");
  if (late) return { arrivedS: liveS + late.lateS, stored: true };
  const outage = ownOutageAt(vehicle, liveS);
  const arrivedS = outage
    ? outage.endS + vehicle.latencyS + Math.ceil((liveS - outage.startS) / CATCH_UP)
    : liveS;
  return { arrivedS, stored: outage !== undefined };
}

/** The live heartbeats a device sends in [fromS, toS). One that falls into an outage is not sent later. */
export function heartbeatsBetween(vehicle: Vehicle, fromS: number, toS: number): number[] {
  const heartbeats: number[] = [];
  for (let atS = fromS; atS < toS; ) {
    const segment = segmentAt(vehicle, atS);
    const untilS = Math.min(toS, segment.endS);
    const startS = contactsSinceS(vehicle, segment, untilS - 1);
    const firstS = startS + Math.max(0, Math.ceil((atS - startS) / HEARTBEAT_EVERY_S)) * HEARTBEAT_EVERY_S;
    for (let beatS = firstS; beatS < untilS; beatS += HEARTBEAT_EVERY_S) {
      if (outageAt(vehicle, beatS) === undefined) heartbeats.push(beatS);
    }
    atS = segment.endS;
  }
  return heartbeats;
}

/** Heartbeats are counted from here: since when the device does what it does, or has power. */
function contactsSinceS(vehicle: Vehicle, segment: Segment, atS: number): number {
  const sinceS = segment.kind === "parked" ? parkedSinceS(vehicle, segment) : segment.startS;
  return Math.max(sinceS, poweredSinceS(vehicle, atS));
}

/** When a vehicle arrived where it is parked, perhaps days ago. */
export function parkedSinceS(vehicle: Vehicle, segment: Segment): number {
  let at = segment;
  while (at.kind === "parked" && at.sinceYesterday && segment.startS - at.startS < LONGEST_LOOK_BACK_S) {
    at = segmentAt(vehicle, at.startS - 1);
  }
  return at.startS;
}
