import { type ListedAlarm, listedAlarms } from "../../fleet/alarms.ts";
import type { Span } from "../../fleet/arrivals.ts";
import { positionAt } from "../../fleet/position.ts";
import { type Device, ownTime } from "../../push/message.ts";
import { accountOf, type World } from "../../world/world.ts";
import { badParameter } from "../errors.ts";
import type { Call, Method } from "../method.ts";
import { devicesNamed } from "../named-devices.ts";
import { numberedPageIn, rowsOf } from "../paging.ts";
import { nowS, trueSpan, windowIn } from "../window.ts";

const LONGEST_S = 31 * 86_400;
const PAGE_SIZE = 50;
/** However it is paged, a query has no more rows (reference §2.8). */
const MOST_ROWS = 1000;

type Row = ListedAlarm & { device: Device };

/** `jimi.device.alarm.list`: alarms, newest first (reference §2.8). */
export const alarmList: Method = {
  name: "jimi.device.alarm.list",
  needsToken: true,
  answer: (call) => {
    const { world, params } = call;
    const devices = devicesNamed(world, params.imeis || params.imei || "");
    const page = numberedPageIn(params, PAGE_SIZE);
    const { window, most } = askedFor(call);
    const rows = devices
      .flatMap((device) => alarmsOf(world, device, window))
      .filter(({ code }) => !params.alertTypeId || params.alertTypeId === code)
      .sort((a, b) => b.takenS + b.device.clockOffsetS - (a.takenS + a.device.clockOffsetS))
      .slice(0, most);
    return { result: rowsOf(rows, page).map((row) => alarmItem(world, row)) };
  },
};

/** Without a window, the newest 50 of the last month. */
function askedFor({ world, params }: Call): { window: Span; most: number } {
  if (!params.begin_time && !params.end_time) {
    const toS = Math.floor(nowS(world)) + 1;
    return { window: { fromS: toS - LONGEST_S, toS }, most: PAGE_SIZE };
  }
  const window = windowIn(world, params);
  if (window.toS - window.fromS - 1 > LONGEST_S) throw badParameter("a window may be a month long");
  return { window, most: MOST_ROWS };
}

function alarmsOf(world: World, device: Device, window: Span): Row[] {
  const span = trueSpan(window, device.clockOffsetS);
  return listedAlarms(device.vehicle, span, nowS(world)).map((alarm) => ({ ...alarm, device }));
}

function alarmItem(world: World, { device, takenS, code, name, geoid }: Row): Record<string, unknown> {
  const { vehicle } = device;
  const { lat, lng, speedKmh } = positionAt(vehicle, takenS);
  const alertTime = ownTime(device, takenS);
  return {
    deviceName: vehicle.name,
    imei: vehicle.imei,
    model: vehicle.model.mcType,
    account: accountOf(world, vehicle),
    alertTypeId: code,
    alarmTypeName: name,
    alertTime,
    positioningTime: alertTime,
    lat,
    lng,
    speed: String(speedKmh),
    geoid,
  };
}
