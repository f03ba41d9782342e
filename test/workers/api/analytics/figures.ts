import { expect } from "vitest";
import { noteVersions } from "../../../../workers/derive/version-days.ts";
import { database } from "../../../setup/worker-database.ts";
import { query, type reader } from "../caller.ts";
import { expectDocumented } from "../document.ts";

/** What a vehicle did on a day; what is left out is as of a day of which nothing but the row is known. */
interface VehicleDay {
  moving_s?: number;
  idling_s?: number;
  parked_s?: number;
  distance_km?: number | null;
  distance_source?: "odometer" | "vendor" | "gps";
  trips?: number;
  first_moving_at?: string;
  last_moving_at?: string;
  known_to?: string;
  alarms?: number;
  speeding_events?: number;
  harsh_events?: number;
  fuel_l?: number;
}

const DAY_S = 86_400;

/** Rows are written past the job that computes them. */
export { database };

/** Writes a day of a vehicle, as the job `derive` does. */
export async function addDay(imei: string, day: string, did: VehicleDay): Promise<void> {
  const sql = database();
  const { moving_s = 0, idling_s = 0, parked_s = 0 } = did;
  const row = {
    ...{ imei, day, odometer_breaks: 0, fixes: 0, trips: 0, alarms: 0, speeding_events: 0, harsh_events: 0 },
    ...did,
    ...{ moving_s, idling_s, parked_s, unknown_s: DAY_S - moving_s - idling_s - parked_s },
  };
  await sql`insert into reporting.vehicle_day ${sql(row)}`;
  await changed(imei, day);
}

/** Writes a day of a driver with a vehicle. */
export async function addDriverDay(
  imei: string,
  day: string,
  driver_name: string,
  did: Omit<VehicleDay, "distance_source" | "fuel_l" | "known_to">,
): Promise<void> {
  const sql = database();
  const row = {
    ...{ imei, day, driver_name, moving_s: 0, idling_s: 0, parked_s: 0 },
    ...{ trips: 0, alarms: 0, speeding_events: 0, harsh_events: 0 },
    ...did,
  };
  await sql`insert into reporting.driver_day ${sql(row)}`;
}

/** Notes that a day was computed again, with a version above all others, as the job does. */
export const changed = (imei: string, day: string) =>
  database().begin((tx) => noteVersions(tx, [{ imei, day }]));

/** Asks a route of figures and checks its answer against the document. */
export function asker(get: Awaited<ReturnType<typeof reader>>) {
  return async <Body>(route: string, parameters: Record<string, string>): Promise<Body> => {
    const response = await get(`/v1/analytics/${route}${query(parameters)}`);
    expect(response.status, await response.clone().text()).toBe(200);
    return expectDocumented(`/v1/analytics/${route}`, response);
  };
}
