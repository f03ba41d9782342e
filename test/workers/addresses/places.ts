import type { AddressRecord } from "../../../shared/message.ts";
import { database, messageOf, vendorTime } from "../writer/deliver.ts";

/** A place of a test: everything in it lies in one degree of latitude, which is the test's own. */
export interface Spot {
  lat: number;
  lng: number;
  cell: string;
}

let spots = 0;

/** A place that no other test uses, in a degree of latitude. */
export async function newSpot(band: number): Promise<Spot> {
  spots += 1;
  const [lat, lng] = [band + 0.5 + spots / 1_000, 36.8];
  const [row] = await database()`
    select tracksolid.cell_of(${lat}::text::double precision, ${lng}::text::double precision) as cell`;
  return { lat, lng, cell: row?.cell };
}

/** The item of a trip report. */
export const tripItem = (imei: string, start: Spot, end: Spot, change: Record<string, unknown> = {}) => ({
  ...{ deviceImei: imei, startTime: vendorTime(900), endTime: vendorTime(600), distance: 1_000 },
  ...{ startLat: start.lat, startLng: start.lng, endLat: end.lat, endLng: end.lng },
  ...change,
});

/** An answer of the geocoder, as it travels. */
export function addressMessage(spot: Spot, address: string | null, change: Partial<AddressRecord> = {}) {
  const { cell, lat, lng } = spot;
  const record: AddressRecord = { v: 1, cell, lat, lng, address, fetchedAt: new Date().toISOString() };
  return messageOf("address", [{ ...record, ...change }], { account: null });
}

/** The addresses of a vehicle's trips, oldest first. */
export async function addressesOf(imei: string) {
  const rows = await database()`
    select start_address, end_address from tracksolid.trips where imei = ${imei} order by start_time`;
  return rows.map(({ start_address, end_address }) => [start_address, end_address]);
}
