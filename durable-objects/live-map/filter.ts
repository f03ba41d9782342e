import type { LiveFilter } from "../../shared/live/query.ts";
import type { ShownVehicle } from "./fleet.ts";

/** The vehicles that pass. */
export function filterVehicles(vehicles: ShownVehicle[], filter: LiveFilter): ShownVehicle[] {
  const { imei, account, city, segment, vehicleType, driver, status, bbox } = filter;
  const part = filter.part?.toLowerCase();
  const plates = filter.plate?.map(barePlate);
  return vehicles.filter(
    ({ registry, position, status: its }) =>
      isOneOf(registry.imei, imei) &&
      isOneOf(registry.account, account) &&
      isOneOf(registry.city, city) &&
      isOneOf(registry.segment, segment) &&
      isOneOf(registry.vehicleType, vehicleType) &&
      isOneOf(registry.driver, driver) &&
      (plates === undefined || isOneOf(registry.plate && barePlate(registry.plate), plates)) &&
      (status === undefined || status.includes(its)) &&
      (part === undefined ||
        registry.imei.includes(part) ||
        [registry.plate, registry.name, registry.driver].some((text) =>
          text?.toLowerCase().includes(part),
        )) &&
      (bbox === undefined || isInside(position, bbox)),
  );
}

/** A plate as `reporting.fn_matching_vehicles` compares it. */
const barePlate = (plate: string) => plate.replace(/[\s-]/g, "").toUpperCase();

function isOneOf(value: string | null, wanted: string[] | undefined): boolean {
  return wanted === undefined || (value !== null && wanted.includes(value));
}

function isInside(
  position: { lat: number | null; lng: number | null } | null,
  [west, south, east, north]: readonly [number, number, number, number],
): boolean {
  if (position?.lat == null || position.lng === null) return false;
  const { lat, lng } = position;
  return (
    lat >= south && lat <= north && (west <= east ? lng >= west && lng <= east : lng >= west || lng <= east)
  );
}
