import { listedAlarms } from "./alarms.ts";
import { type Arrived, arrivedBy, type Span, type Taken, wasRecorded } from "./arrivals.ts";
import { holeAt } from "./holes.ts";
import type { Drive, Segment } from "./plan.ts";
import { type Position, positionAt } from "./position.ts";
import { arrivalOf, fixesBetween } from "./reports.ts";
import { segmentAt, segmentsBetween } from "./timeline.ts";
import type { Vehicle } from "./vehicle.ts";

const POINT_EVERY_S = 10;

type Place = Pick<Position, "lat" | "lng">;

/** A fix; `shown` unless only tracks have it. */
export interface TruePoint extends Position {
  at: string;
  late: boolean;
  shown: boolean;
}

/** A drive that has ended. */
export interface TrueTrip {
  startTime: string;
  endTime: string;
  distanceM: number;
  start: Place;
  end: Place;
  /** The highest of its speeds every 10 s. */
  maxSpeedKmh: number;
  /** Time of it in which these are 0. */
  idleS: number;
}

/** A time in which it stood; without an end while it goes on. */
export interface TrueStand {
  startTime: string;
  endTime: string | null;
  place: Place;
}

/** An alarm under the code `alarm.list` has for it, and the fence it is about. */
export interface TrueAlarm {
  imei: string;
  time: string;
  code: string;
  geoid: string | null;
}

/** What a vehicle did, its fixes counted; instants are true ones, whatever the device's clock says. */
export interface Deeds {
  points: number;
  trips: TrueTrip[];
  parkings: TrueStand[];
  idlings: TrueStand[];
  alarms: TrueAlarm[];
}

/**
 * What a vehicle really did in a span of true time, as far as the platform can know it at an instant. Trips and
 * stands are whole and overlap the span; fixes and alarms lie in it. Without an ignition wire there are fixes and
 * alarms only.
 */
export function whatItDid(vehicle: Vehicle, span: Span, nowS: number): Deeds {
  const knows = (atS: number): boolean =>
    wasRecorded(vehicle, atS) && arrivalOf(vehicle, atS).arrivedS <= nowS;
  const segments =
    vehicle.model.ignitionWire && vehicle.condition !== "unactivated"
      ? segmentsBetween(vehicle, span.fromS, Math.min(span.toS, nowS))
      : [];
  return {
    points: fixesOf(vehicle, span, nowS).length,
    trips: segments
      .filter((segment): segment is Drive => segment.kind === "driving")
      .filter(({ endS }) => knows(endS))
      .map((drive) => tripOf(vehicle, drive)),
    parkings: standsOf(vehicle, parkingsIn(vehicle, segments), knows),
    idlings: standsOf(
      vehicle,
      segments.filter(({ kind }) => kind === "idling"),
      knows,
    ),
    alarms: listedAlarms(vehicle, span, nowS).map(({ takenS, code, geoid }) => ({
      ...{ imei: vehicle.imei, time: isoTime(takenS), code, geoid },
    })),
  };
}

const isoTime = (atS: number): string => new Date(atS * 1000).toISOString();

const fixesOf = (vehicle: Vehicle, span: Span, nowS: number): Arrived<Taken>[] =>
  arrivedBy(vehicle, span, nowS, ({ fromS, toS }) =>
    fixesBetween(vehicle, fromS, Math.min(toS - 1, Math.floor(nowS))).map((takenS) => ({ takenS })),
  );

/** The fixes a vehicle took in a span of true time that have arrived by an instant. */
export function pointsOf(vehicle: Vehicle, span: Span, nowS: number): TruePoint[] {
  return fixesOf(vehicle, span, nowS).map(({ takenS, stored }) => ({
    ...positionAt(vehicle, takenS),
    at: isoTime(takenS),
    late: stored,
    shown: holeAt(vehicle, takenS, "platform") === undefined,
  }));
}

function tripOf(vehicle: Vehicle, { startS, endS, leg }: Drive): TrueTrip {
  let maxSpeedKmh = 0;
  let idleS = 0;
  for (let atS = startS; atS < endS; atS += POINT_EVERY_S) {
    const { speedKmh } = positionAt(vehicle, atS);
    maxSpeedKmh = Math.max(maxSpeedKmh, speedKmh);
    if (speedKmh === 0) idleS += Math.min(POINT_EVERY_S, endS - atS);
  }
  return {
    startTime: isoTime(startS),
    endTime: isoTime(endS),
    distanceM: Math.round(leg.lengthM),
    start: placeAt(vehicle, startS),
    end: placeAt(vehicle, endS),
    maxSpeedKmh,
    idleS,
  };
}

/** Parked segments that follow each other without a drive between them are one parking. */
function parkingsIn(vehicle: Vehicle, segments: Segment[]): Pick<Segment, "startS" | "endS">[] {
  const parkings: Pick<Segment, "startS" | "endS">[] = [];
  for (const segment of segments) {
    if (segment.kind !== "parked" || segment.startS < (parkings.at(-1)?.endS ?? -Infinity)) continue;
    let first: Segment = segment;
    for (let before: Segment = segment; before.kind === "parked"; ) {
      first = before;
      before = segmentAt(vehicle, before.startS - 1);
    }
    let last: Segment = segment;
    for (let after: Segment = segment; after.kind === "parked"; ) {
      last = after;
      after = segmentAt(vehicle, after.endS);
    }
    parkings.push({ startS: first.startS, endS: last.endS });
  }
  return parkings;
}

function standsOf(
  vehicle: Vehicle,
  stands: Pick<Segment, "startS" | "endS">[],
  knows: (atS: number) => boolean,
): TrueStand[] {
  return stands
    .filter(({ startS, endS }) => knows(startS) && wasRecorded(vehicle, endS))
    .map(({ startS, endS }) => ({
      startTime: isoTime(startS),
      endTime: knows(endS) ? isoTime(endS) : null,
      place: placeAt(vehicle, startS),
    }));
}

function placeAt(vehicle: Vehicle, atS: number): Place {
  const { lat, lng } = positionAt(vehicle, atS);
  return { lat, lng };
}
