import type { FactRows } from "../../shared/records.ts";

/** Rows that may need an address: one by vehicle and moment, or all that wait for a cell. For `fill-addresses.sql`. */
export type Place = { imei: string; at: string } | { cell: string };

/** The places that a batch told of, and the cells that it brings the addresses of. */
export function placesOf(
  { trips, parkingEvents }: Pick<FactRows, "trips" | "parkingEvents">,
  cells: Iterable<string>,
): Place[] {
  return [
    ...[...trips, ...parkingEvents].map(({ imei, at }) => ({ imei, at })),
    ...Array.from(cells, (cell) => ({ cell })),
  ];
}
