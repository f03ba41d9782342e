import type { Span } from "../../fleet/arrivals.ts";
import { positionAt } from "../../fleet/position.ts";
import { DRAW, dice } from "../../fleet/random.ts";
import { knownStands, type Stand } from "../../fleet/stands.ts";
import { type Device, isoTime } from "../../push/message.ts";
import type { ReportOptions } from "../../world/reports.ts";
import type { World } from "../../world/world.ts";
import { badParameter } from "../errors.ts";
import { type Method, required } from "../method.ts";
import { devicesOfAccount } from "../named-devices.ts";
import { type Page, rowsOf, wholeIn } from "../paging.ts";
import { nowS, trueSpan, windowIn } from "../window.ts";

const SHORTEST_S = 60;

interface Row extends Stand {
  device: Device;
  acc: "on" | "off";
  durationS: number;
}

/** `jimi.open.platform.report.parking`: where vehicles stood, with the engine on or off (reference §2.8). */
export const parkingReport: Method = {
  name: "jimi.open.platform.report.parking",
  needsToken: true,
  answer: (call) => {
    const { world, params } = call;
    const devices = devicesOfAccount(call);
    const window = windowIn(world, params, ["start_time", "end_time"]);
    const page = pageIn(world.reports, params);
    const accType = required(params, "acc_type");
    if (!world.reports.parkingAccTypes.includes(accType)) throw badParameter("acc_type");
    const kind = accType === "on" ? "on" : "off";
    const rows = world.reports.parkingEmpty.includes(accType)
      ? []
      : devices.flatMap((device) => rowsFor(world, device, kind, window));
    return {
      result: null,
      data: {
        totalTime: String(20 + devices.length),
        dataTotalRows: String(rows.length),
        rows: rowsOf(rows, page).map(rowItem),
      },
    };
  },
};

/** `start_row` is the border of a page, counted from a base the node accepts (§4, quirk 8). */
function pageIn({ parkingPaging }: ReportOptions, params: Record<string, string>): Page {
  const row = wholeIn(params, "start_row", 0, Number.NaN);
  const size = wholeIn(params, "page_size", 1, Number.NaN);
  const base = parkingPaging.bases.find((first) => (row - first) % size === 0 && row >= first);
  if (base === undefined || !parkingPaging.sizes.includes(size)) throw badParameter("start_row, page_size");
  return { skip: row - base, size };
}

function rowsFor(world: World, device: Device, acc: Row["acc"], window: Span): Row[] {
  const { cutTrips, parkingEnds } = world.reports;
  const span = trueSpan(window, device.clockOffsetS);
  const now = Math.floor(nowS(world));
  const lastS = Math.min(span.toS - 1, now);
  return knownStands(device.vehicle, acc === "on" ? "idling" : "parked", span, now)
    .map(({ startS, endS }): Row => {
      const shownEndS = endS === undefined && parkingEnds === "cut" ? lastS : endS;
      const cutEndS = cutTrips && shownEndS !== undefined ? Math.min(shownEndS, span.toS - 1) : shownEndS;
      const fromS = cutTrips ? Math.max(startS, span.fromS) : startS;
      return { device, acc, startS: fromS, endS: cutEndS, durationS: (cutEndS ?? now) - fromS };
    })
    .filter(({ durationS }) => durationS >= SHORTEST_S);
}

function rowItem({ device, acc, startS, endS, durationS }: Row): Record<string, unknown> {
  const { vehicle, clockOffsetS } = device;
  const { lat, lng } = positionAt(vehicle, startS);
  return {
    imei: vehicle.imei,
    startTime: isoTime(startS + clockOffsetS),
    endTime: endS === undefined ? null : isoTime(endS + clockOffsetS),
    durSecond: String(durationS),
    stopSecond: String(durationS),
    lat,
    lng,
    addr: address(device, startS),
    deviceName: vehicle.name,
    mcType: vehicle.model.mcType,
    acc,
  };
}

/** Geocoded, truncated with "...", or not at all. */
function address({ vehicle }: Device, atS: number): string | null {
  const roll = dice(vehicle.seed, DRAW.signal, atS);
  const city = vehicle.network.city.name;
  if (roll < 0.3) return null;
  return roll < 0.7 ? `Moi Avenue ${Math.floor(roll * 900)}, Industrial Area, ${city.slice(0, 3)}...` : city;
}
