import { DRAW, dice } from "./random.ts";
import { type Truth, truthAt } from "./timeline.ts";
import type { Vehicle } from "./vehicle.ts";

/** Metres above the sea, near enough for a whole city. */
const ALTITUDE_M: Record<string, number> = { Nairobi: 1661, Mombasa: 22, Kampala: 1190 };

/** Where a vehicle is, in the numbers the vendor can carry. */
export interface Position {
  lat: number;
  lng: number;
  speedKmh: number;
  headingDeg: number;
  altitudeM: number;
  satellites: number;
  odometerM: number;
  /** Always false without an ignition wire (§4, quirk 38). */
  ignition: boolean;
}

export function positionAt(vehicle: Vehicle, atS: number): Position {
  return positionOf(vehicle, atS, truthAt(vehicle, atS));
}

/** The position at an instant whose truth is known already. */
export function positionOf(vehicle: Vehicle, atS: number, truth: Truth): Position {
  const { lat, lng, speedKmh, headingDeg, ignition, odometerKm } = truth;
  return {
    lat: degrees(lat),
    lng: degrees(lng),
    speedKmh: Math.round(speedKmh),
    headingDeg: Math.round(headingDeg) % 360,
    altitudeM: ALTITUDE_M[vehicle.network.city.name] ?? 0,
    satellites: 6 + Math.floor(9 * dice(vehicle.seed, DRAW.signal, atS)),
    odometerM: Math.round(odometerKm * 1000),
    ignition: ignition && vehicle.model.ignitionWire,
  };
}

const degrees = (value: number): number => Math.round(value * 1e6) / 1e6;
