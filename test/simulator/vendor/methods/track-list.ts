import type { Span } from "../../fleet/arrivals.ts";
import { positionOf } from "../../fleet/position.ts";
import { type Report, reportsBetween } from "../../fleet/reports.ts";
import { type Device, ownTime } from "../../push/message.ts";
import { deviceWith, type World } from "../../world/world.ts";
import { badParameter, CODE, VendorError } from "../errors.ts";
import { type Method, required } from "../method.ts";
import { deviceOf } from "../named-devices.ts";
import { nowS, trueSpan, windowIn } from "../window.ts";

const DAY_S = 86_400;
const LONGEST_S = 7 * DAY_S;
const OLDEST_S = 92 * DAY_S;

/** `jimi.device.track.list`: the points of one device (reference §2.7), in numbers and without its IMEI. */
export const trackList: Method = {
  name: "jimi.device.track.list",
  needsToken: true,
  answer: ({ world, params }) => {
    const imei = required(params, "imei");
    if (!/^\d{15}$/.test(imei)) throw badParameter("imei must be one of 15 digits");
    const window = windowIn(world, params);
    if (window.toS - window.fromS - 1 > LONGEST_S) throw badParameter("a window may be 7 days long");
    if (window.fromS < nowS(world) - OLDEST_S) throw badParameter("begin_time may be 3 months old");
    const device = trackedDevice(world, imei);
    const reports = arrivedReports(world, device, trueSpan(window, device.clockOffsetS));
    return {
      result: reports.map((report) => point(device, report)),
      data: { mileage: mileageM(reports) },
    };
  },
};

function trackedDevice(world: World, imei: string): Device {
  const vehicle = deviceWith(world, imei);
  if (vehicle === undefined) throw new VendorError(CODE.illegal, `IMEI does not exist{${imei}}`);
  if (vehicle.condition === "expired") {
    throw new VendorError(CODE.illegal, `The device has expired{${imei}}`);
  }
  return deviceOf(world, vehicle);
}

/** As they came in: late ones stand among those that were live meanwhile. */
function arrivedReports(world: World, { vehicle }: Device, { fromS, toS }: Span): Report[] {
  const now = nowS(world);
  return reportsBetween(vehicle, fromS, Math.min(toS - 1, Math.floor(now)))
    .filter(({ arrivedS }) => arrivedS <= now)
    .sort((a, b) => a.arrivedS - b.arrivedS);
}

function point(device: Device, report: Report): Record<string, unknown> {
  const { vehicle } = device;
  const at = positionOf(vehicle, report.fixS, report);
  const ignition = at.ignition ? "ON" : "OFF";
  return {
    lat: at.lat,
    lng: at.lng,
    gpsTime: ownTime(device, report.fixS),
    direction: at.headingDeg,
    gpsSpeed: at.speedKmh,
    posType: 1,
    satellite: at.satellites,
    ignition,
    accStatus: ignition,
    gpsMode: report.stored ? 1 : 0,
    confidence: null,
    ...(vehicle.seed % 2 === 0 ? { altitude: at.altitudeM } : {}),
  };
}

function mileageM(reports: Report[]): number {
  let least = Infinity;
  let most = -Infinity;
  for (const { odometerKm } of reports) {
    least = Math.min(least, odometerKm);
    most = Math.max(most, odometerKm);
  }
  return reports.length === 0 ? 0 : Math.round((most - least) * 1000);
}
