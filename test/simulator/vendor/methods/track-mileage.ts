import type { Span } from "../../fleet/arrivals.ts";
import { positionAt } from "../../fleet/position.ts";
import { topSpeedKmh } from "../../fleet/top-speed.ts";
import { cutTrip, knownTrips, type Trip } from "../../fleet/trips.ts";
import { type Device, ownTime } from "../../push/message.ts";
import type { World } from "../../world/world.ts";
import { type Method, required } from "../method.ts";
import { devicesNamed } from "../named-devices.ts";
import { type Page, pageSizeIn, rowsOf, wholeIn } from "../paging.ts";
import { nowS, trueSpan, windowIn } from "../window.ts";

/** Longer windows answer null (reference §4, quirk 5). */
const LONGEST_S = 365 * 86_400;
/** Without paging the rest is left away without a word (§4, quirk 4). */
const UNPAGED_ROWS = 100;
const MODELS_WITH_TOP_SPEED = ["VL802", "JC400P"];

type Row = Trip & { device: Device };

/** `jimi.device.track.mileage`: a list of trips, whatever its name says (reference §2.7). */
export const trackMileage: Method = {
  name: "jimi.device.track.mileage",
  needsToken: true,
  answer: ({ world, params }) => {
    const devices = devicesNamed(world, required(params, "imeis"));
    const window = windowIn(world, params);
    const page = pageIn(params);
    if (window.toS - window.fromS - 1 > LONGEST_S) return { result: null, data: null };
    const trips = devices.map((device) => tripsOf(world, device, window));
    return {
      result: rowsOf(trips.flat(), page).map((row) => tripItem(world, row)),
      data: devices.map(({ vehicle }, i) => ({
        imei: vehicle.imei,
        totalMileage: (trips[i] ?? []).reduce((sumM, { distanceM }) => sumM + distanceM, 0),
      })),
    };
  },
};

function pageIn(params: Record<string, string>): Page {
  const size = pageSizeIn(params, UNPAGED_ROWS);
  return params.start_row === undefined
    ? { skip: 0, size: UNPAGED_ROWS }
    : { skip: wholeIn(params, "start_row", 0, 0), size };
}

function tripsOf(world: World, device: Device, window: Span): Row[] {
  const span = trueSpan(window, device.clockOffsetS);
  const trips = knownTrips(device.vehicle, span, nowS(world));
  const border = { fromS: span.fromS, toS: span.toS - 1 };
  const cut = world.reports.cutTrips ? trips.map((trip) => cutTrip(device.vehicle, trip, border)) : trips;
  return cut.filter(({ startS, endS }) => endS > startS).map((trip) => ({ ...trip, device }));
}

function tripItem(world: World, { device, startS, endS, startM, distanceM }: Row): Record<string, unknown> {
  const { vehicle } = device;
  const runTimeS = endS - startS;
  const startMileage = Math.round(startM * 10) / 10;
  return {
    imei: vehicle.imei,
    startTime: ownTime(device, startS),
    endTime: ownTime(device, endS),
    ...places(device, startS, endS),
    ...(world.reports.elapsedTrips ? { elapsed: runTimeS } : { runTimeSecond: runTimeS }),
    distance: distanceM,
    avgSpeed: Math.round((distanceM / runTimeS) * 36) / 10,
    ...(MODELS_WITH_TOP_SPEED.includes(vehicle.model.mcType)
      ? { maxSpeed: topSpeedKmh(vehicle, startS, endS) }
      : {}),
    startMileage,
    endMileage: Math.round((startMileage + distanceM) * 10) / 10,
  };
}

/** Every third device says when, but not where. */
function places({ vehicle }: Device, startS: number, endS: number): Record<string, number> {
  if (vehicle.seed % 3 === 1) return {};
  const start = positionAt(vehicle, startS);
  const end = positionAt(vehicle, endS);
  return { startLat: start.lat, startLng: start.lng, endLat: end.lat, endLng: end.lng };
}
