import type { Status, Thresholds } from "../../shared/live/status.ts";
import type { ShownVehicle, Vehicle } from "./fleet.ts";

/** What every form says of the whole: which version it is, and how far it can be believed. */
export interface Head {
  version: string;
  /** Since when this version holds, UTC. */
  asOf: string;
  /** Null while the map follows the database; else up to when it did, UTC. */
  behindSince: string | null;
  thresholds: Thresholds;
}

/** A vehicle as clients see it, flat. */
export interface LiveProperties {
  imei: string;
  name: string | null;
  plate: string | null;
  driver: string | null;
  account: string | null;
  city: string | null;
  segment: string | null;
  vehicleType: string | null;
  model: string | null;
  status: Status;
  online: boolean | null;
  ignition: boolean | null;
  speedKmh: number | null;
  headingDeg: number | null;
  fixAt: string | null;
  contactAt: string | null;
  satellites: number | null;
  odometerKm: number | null;
  batteryPercent: number | null;
  externalVoltageV: number | null;
}

/** One feature per vehicle, for maps and GIS tools. */
export function toGeoJson(head: Head, vehicles: ShownVehicle[]) {
  return {
    type: "FeatureCollection",
    ...head,
    features: vehicles.map((vehicle) => {
      const { lat, lng } = vehicle.position ?? {};
      return {
        type: "Feature",
        id: vehicle.imei,
        geometry: lat == null || lng == null ? null : { type: "Point", coordinates: [lng, lat] },
        properties: propertiesOf(vehicle),
      };
    }),
  };
}

/** One list per column, for phones: the moving half, and the registry where it is asked for. */
export function toColumns(head: Head, vehicles: ShownVehicle[], registry: boolean) {
  return {
    ...head,
    positions: positionColumns(vehicles, Date.parse(head.asOf)),
    ...(registry ? { registry: registryColumns(vehicles) } : {}),
  };
}

/** The moving half, column by column. Ages are seconds before `asOf`: they compress to half of what instants do. */
export function positionColumns(vehicles: Vehicle[], asOfMs: number) {
  const positions = vehicles.map(({ position }) => position);
  return {
    imei: vehicles.map(({ imei }) => imei),
    lng: positions.map((position) => position?.lng ?? null),
    lat: positions.map((position) => position?.lat ?? null),
    headingDeg: positions.map((position) => position?.headingDeg ?? null),
    speedKmh: positions.map((position) => position?.speedKmh ?? null),
    status: vehicles.map(({ status }) => status),
    online: positions.map((position) => position?.online ?? null),
    ignition: positions.map((position) => position?.ignition ?? null),
    fixAgeS: positions.map((position) => ageS(position?.fixAt ?? null, asOfMs)),
    contactAgeS: positions.map((position) => ageS(position?.contactAt ?? null, asOfMs)),
  };
}

/** What seldom changes, column by column. */
export function registryColumns(vehicles: ShownVehicle[]) {
  const columns = [
    "imei",
    "name",
    "plate",
    "driver",
    "account",
    "city",
    "segment",
    "vehicleType",
    "model",
  ] as const;
  return Object.fromEntries(
    columns.map((column) => [column, vehicles.map(({ registry }) => registry[column])]),
  );
}

export function propertiesOf({ registry, position, status }: ShownVehicle): LiveProperties {
  return {
    imei: registry.imei,
    name: registry.name,
    plate: registry.plate,
    driver: registry.driver,
    account: registry.account,
    city: registry.city,
    segment: registry.segment,
    vehicleType: registry.vehicleType,
    model: registry.model,
    status,
    online: position?.online ?? null,
    ignition: position?.ignition ?? null,
    speedKmh: position?.speedKmh ?? null,
    headingDeg: position?.headingDeg ?? null,
    fixAt: position?.fixAt ?? null,
    contactAt: position?.contactAt ?? null,
    satellites: position?.satellites ?? null,
    odometerKm: position?.odometerKm ?? null,
    batteryPercent: position?.batteryPercent ?? null,
    externalVoltageV: position?.externalVoltageV ?? null,
  };
}

/** Whole seconds; a fix of the future has a negative age. */
function ageS(instant: string | null, asOfMs: number): number | null {
  return instant === null ? null : Math.round((asOfMs - Date.parse(instant)) / 1000);
}
