import type { ShownVehicle } from "./fleet.ts";
import { type LiveProperties, propertiesOf } from "./forms.ts";

/** Mean radius of the Earth (IUGG), m. */
const EARTH_RADIUS_M = 6_371_008.8;

/** A vehicle and how far it is, as the crow flies. */
export type Neighbour = LiveProperties & { distanceM: number; fixAgeS: number; lat: number; lng: number };

/** The `count` vehicles nearest to a point, nearest first; of two at one distance the lower IMEI. */
export function nearest(
  vehicles: ShownVehicle[],
  point: { lat: number; lng: number },
  count: number,
  atMs: number,
): Neighbour[] {
  return vehicles
    .flatMap((vehicle) => {
      const { lat, lng, fixAt } = vehicle.position ?? {};
      if (lat == null || lng == null || fixAt == null) return [];
      return [{ vehicle, lat, lng, fixAt, distanceM: distanceM(point, { lat, lng }) }];
    })
    .sort((a, b) => a.distanceM - b.distanceM)
    .slice(0, count)
    .map(({ vehicle, lat, lng, fixAt, distanceM }) => ({
      ...propertiesOf(vehicle),
      lat,
      lng,
      distanceM: Math.round(distanceM),
      fixAgeS: Math.round((atMs - Date.parse(fixAt)) / 1000),
    }));
}

/** Great-circle distance, m (haversine: exact enough at a metre and at half the globe). */
export function distanceM(a: { lat: number; lng: number }, b: { lat: number; lng: number }): number {
  const rad = Math.PI / 180;
  const h =
    Math.sin(((b.lat - a.lat) * rad) / 2) ** 2 +
    Math.cos(a.lat * rad) * Math.cos(b.lat * rad) * Math.sin(((b.lng - a.lng) * rad) / 2) ** 2;
  return 2 * EARTH_RADIUS_M * Math.asin(Math.min(1, Math.sqrt(h)));
}
