import { vendorTime } from "../../clock.ts";
import { DRAW, dice } from "../../fleet/random.ts";
import { lastKnown, type Report } from "../../fleet/reports.ts";
import type { Vehicle } from "../../fleet/vehicle.ts";
import { patched } from "../../world/overrides.ts";
import { accountOf, type World } from "../../world/world.ts";
import { customerName } from "../method.ts";

/** The platform calls a device online until it was silent for longer. */
const OFFLINE_AFTER_S = 600;

/** One element of `location.list` and `location.get` (reference §2.6): nearly every number is text. */
export function locationItem(world: World, vehicle: Vehicle, fleetS: number): Record<string, unknown> {
  const { model, condition } = vehicle;
  const known = lastKnown(vehicle, fleetS);
  const report = known?.report;
  const online = known !== undefined && condition !== "expired" && fleetS - known.contactS <= OFFLINE_AFTER_S;
  const account = accountOf(world, vehicle);
  const override = world.overrides.get(vehicle.imei);
  // Expired devices and those without a fix are shown on 0,0 (§4, quirk 17).
  const shown = condition === "expired" ? undefined : report;
  const item = {
    imei: vehicle.imei,
    deviceName: vehicle.name,
    mcType: model.mcType,
    icon: model.icon,
    status: online ? "1" : "0",
    posType: report ? "GPS" : null,
    lat: shown ? degrees(shown.lat) : 0,
    lng: shown ? degrees(shown.lng) : 0,
    hbTime: known ? vendorTime(known.contactS * 1000) : null,
    accStatus: report?.ignition && model.ignitionWire ? "1" : "0",
    ...power(vehicle, report, fleetS),
    speed: speedText(vehicle, report),
    // For a vehicle parked for days this is days older than `hbTime` (§4, quirk 18).
    gpsTime: report ? vendorTime((report.fixS + (override?.clockOffsetS ?? 0)) * 1000) : null,
    direction: report ? String(Math.round(report.headingDeg) % 360) : "-1",
    activationFlag: condition === "unactivated" ? "0" : "1",
    expireFlag: condition === "expired" ? "0" : "1",
    locDesc: null,
    distance: "-1",
    temperature: null,
    trackerOil: vehicle.seed % 7 === 0 ? "0.00L" : null,
    trackerOils: null,
    currentMileage: report ? String(report.odometerKm) : null,
    account,
    customerName: customerName(account),
    state: null,
    stateTime: null,
    iccid: "",
    mac: "",
    chargeStatus: null,
    shutdown: null,
    confidence: null,
  };
  return patched(item, override?.patch);
}

const degrees = (value: number): number => Math.round(value * 1e6) / 1e6;

function speedText({ model }: Vehicle, report: Report | undefined): string | null {
  if (report === undefined) return null;
  if (report.state === "parked" && model.nullSpeedWhenParked) return null;
  return String(Math.round(report.speedKmh));
}

/** Supply, battery and reception. `gpsSignal` is the GSM level in spite of its name (§4, quirk 16). */
function power(
  { seed, model }: Vehicle,
  report: Report | undefined,
  fleetS: number,
): Record<string, unknown> {
  const hour = Math.floor(fleetS / 3600);
  const roll = dice(seed, DRAW.signal, report?.fixS ?? 0);
  const charge = model.externalPower ? 100 : 30 + Math.floor(70 * dice(seed, DRAW.signal, hour));
  return {
    gpsSignal: report ? String(2 + Math.floor(roll * 3)) : null,
    gpsNum: report ? String(6 + Math.floor(roll * 9)) : null,
    powerValue:
      model.externalPower && report ? (report.ignition ? 13.4 + roll : 12.2 + roll / 2).toFixed(1) : null,
    batteryPowerVal: report ? (3.6 + charge / 180).toFixed(2) : null,
    electQuantity: model.batteryPercent ? String(charge) : "",
  };
}
