import { anyOf, imeiText, jsonList, LIST_HINT, plainText } from "./filters.ts";

/** Filters of every resource that is about vehicles, as query parameters; each is a list, absent means any. */
export const vehicleFilterQuery = {
  imei: anyOf(imeiText).openapi({ description: LIST_HINT, example: "860000000000001" }),
  account: anyOf(plainText).openapi({ description: LIST_HINT, example: "fireside" }),
  city: anyOf(plainText).openapi({ description: LIST_HINT, example: "Nairobi,Mombasa" }),
  segment: anyOf(plainText).openapi({ description: LIST_HINT, example: "installation" }),
  vehicle_type: anyOf(plainText).openapi({ description: LIST_HINT, example: "van,pickup" }),
  plate: anyOf(plainText).openapi({
    description: `${LIST_HINT}; spaces, dashes and case do not matter`,
    example: "KDA 123A",
  }),
  driver: anyOf(plainText).openapi({
    description: `${LIST_HINT}: who drove at the time`,
    example: "Wanjiku Kamau",
  }),
};

/** The same, of what vehicles are now. */
export const vehicleNowFilterQuery = {
  ...vehicleFilterQuery,
  driver: anyOf(plainText).openapi({
    description: `${LIST_HINT}: who drives now`,
    example: "Wanjiku Kamau",
  }),
};

/** What a request asked for with `vehicleFilterQuery`. */
type VehicleFilter = { [Name in keyof typeof vehicleFilterQuery]?: string[] | undefined };

/**
 * A filter as statements take it.
 * @returns `vehicles`: JSON for `reporting.fn_matching_vehicles`. `drivers`: a JSON list of names, null for any; the
 *   statement compares it with whoever drove at the time of each row.
 */
export function vehicleFilter({ imei, account, city, segment, vehicle_type, plate, driver }: VehicleFilter) {
  return {
    vehicles: JSON.stringify({ imei, account, city, segment, vehicle_type, plate }),
    drivers: jsonList(driver),
  };
}
