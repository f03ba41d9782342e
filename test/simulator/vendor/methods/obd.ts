import type { Span } from "../../fleet/arrivals.ts";
import { faultsIn, readingsIn, vinOf } from "../../fleet/obd.ts";
import { type Device, gateTime } from "../../push/message.ts";
import { badParameter } from "../errors.ts";
import type { Answer, Call, Method } from "../method.ts";
import { devicesOfAccount } from "../named-devices.ts";
import { numberedPageIn, rowsOf } from "../paging.ts";
import { nowS, windowIn } from "../window.ts";

const LONGEST_S = 31 * 86_400;
const PAGE_SIZE = 10;

const FAULT_TEXTS: Record<string, string> = {
  P0171: "System too lean, bank 1",
  P0301: "Cylinder 1 misfire detected",
  P0420: "Catalyst system efficiency below threshold",
};

/** `jimi.device.obd.list`: the readings that are pushed, each when it reached the platform (reference §2.9). */
export const obdList: Method = {
  name: "jimi.device.obd.list",
  needsToken: true,
  answer: (call) =>
    paged(call, ({ vehicle }, span) =>
      readingsIn(vehicle, span).map((reading) => ({
        imei: vehicle.imei,
        dataReportTime: shortHour(gateTime(reading.arrivedS)),
        odometerReading: reading.odometerKm.toFixed(1),
        deviceAccumulatedMileage: (reading.odometerKm % 10_000).toFixed(1),
        remainingFuel: null,
        remainingFuelPercentage: String(reading.fuelPercent),
        coolantTemperature: String(reading.coolantC),
        vehicleBatterVoltage: String(Math.round(reading.batteryV * 10)), // sic (§4, quirk 31)
        currentRPM: String(reading.rpm),
        currentSpeed: reading.speedKmh.toFixed(1),
        vin: vinOf(vehicle),
      })),
    ),
};

/** `jimi.device.obd.fault`: the trouble codes that are pushed, one to a row. */
export const obdFault: Method = {
  name: "jimi.device.obd.fault",
  needsToken: true,
  answer: (call) =>
    paged(call, ({ vehicle }, span) =>
      faultsIn(vehicle, span).flatMap(({ arrivedS, codes }) =>
        codes.map((faultCode) => ({
          imei: vehicle.imei,
          deviceName: vehicle.name,
          faultCode,
          faultDetail: FAULT_TEXTS[faultCode] ?? null,
          eventTime: gateTime(arrivedS),
        })),
      ),
    ),
};

function paged(call: Call, rowsIn: (device: Device, span: Span) => Record<string, unknown>[]): Answer {
  const { world, params } = call;
  const devices = devicesOfAccount(call);
  const window = windowIn(world, params, ["start_time", "end_time"]);
  if (window.toS - window.fromS - 1 > LONGEST_S) throw badParameter("a window may be 31 days long");
  const page = numberedPageIn(params, PAGE_SIZE);
  const span = { fromS: window.fromS, toS: Math.min(window.toS, Math.floor(nowS(world)) + 1) };
  const rows = devices.flatMap((device) => rowsIn(device, span));
  return {
    result: null,
    data: {
      currentPage: page.skip / page.size + 1,
      pageSize: page.size,
      // 0 although there are rows (§4, quirk 27).
      ...{ startRow: 0, endRow: 0, totalPage: 0 },
      totalRecord: rows.length,
      result: rowsOf(rows, page),
    },
  };
}

/** The hour may be of one digit here (reference §2.9). */
const shortHour = (text: string): string => text.replace(/ 0(\d:)/, " $1");
