import type { Answers } from "../shell/api.ts";
import type { LiveVehicle } from "../shell/fleet.ts";

/** What a vehicle is known by. Every text is untrusted. */
export interface NamedVehicle {
  imei: string;
  plate: string | null;
  name: string | null;
  driver: string | null;
  city: string | null;
  /** Null: not on the live map; the registry alone knows it. */
  status: string | null;
}

/** Plate, else name, else the end of the IMEI. */
export const labelOf = ({
  plate,
  name,
  imei,
}: {
  plate: string | null;
  name: string | null;
  imei: string;
}): string => plate || name || `…${imei.slice(-6)}`;

/** What tells it from others with a like label. */
export const whoOf = (vehicle: NamedVehicle): string =>
  [vehicle.name === labelOf(vehicle) ? null : vehicle.name, vehicle.driver, vehicle.city]
    .filter(Boolean)
    .join(" · ") || vehicle.imei;

export const ofLive = ({ imei, plate, name, driver, city, status }: LiveVehicle): NamedVehicle => ({
  ...{ imei, plate, name, driver, city, status },
});

export const ofRegistry = ({
  imei,
  name,
  plate,
  driver,
  city,
}: Answers["VehicleList"]["vehicles"][number]): NamedVehicle => ({
  ...{ imei, plate, name, driver, city, status: null },
});

const names = new Intl.Collator("en", { numeric: true, sensitivity: "base" });

/** Those in whose texts every word is found, by their labels. */
export function search<V extends NamedVehicle>(vehicles: Iterable<V>, text: string): V[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  const found = [...vehicles].filter(({ plate, name, driver, imei }) => {
    const haystack = [plate, name, driver, imei].join(" ").toLowerCase();
    return words.every((word) => haystack.includes(word));
  });
  return found.sort((a, b) => names.compare(labelOf(a), labelOf(b)));
}
