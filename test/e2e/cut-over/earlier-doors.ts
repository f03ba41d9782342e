import type postgres from "postgres";
import { type Customer, type Received, startCustomer } from "../../setup/customer.ts";
import { OLD_STATEMENTS } from "../../setup/earlier/statements.ts";
import { parseVendorTime } from "../../simulator/clock.ts";

type Item = Record<string, unknown>;

/** What of the vendor's pushes the earlier system stored; that positions were among them is a guess. */
export const EARLIER_PUSHES = ["pushobd", "pushevent", "pushgps"];

/** Where the earlier system is asked: its receiver of pushes, its API for the pages, its door for analysts. */
export interface EarlierDoors extends AsyncDisposable {
  pushes: Customer;
  api: Customer;
  analysts: Customer;
}

/** Opens the doors of the earlier system on its database; what is pushed is stored in copies of it, too. */
export async function openEarlierDoors(sql: postgres.Sql, ...copies: postgres.Sql[]): Promise<EarlierDoors> {
  const pushes = await startCustomer(async (request) => {
    for (const database of [sql, ...copies]) await store(database, request);
    return undefined;
  });
  const api = await startCustomer(async ({ path }) => {
    const isMap = /^\/(live|webhook\/fleet-dashboard)\b/.test(path);
    return isMap ? { body: await readMap(sql) } : { status: 404, body: { detail: "Not Found" } };
  });
  const analysts = await startCustomer(() => ({ body: { served: "by the earlier system" } }));
  return {
    ...{ pushes, api, analysts },
    async [Symbol.asyncDispose]() {
      for (const door of [pushes, api, analysts]) await door[Symbol.asyncDispose]();
    },
  };
}

async function store(sql: postgres.Sql, { path, body }: Received): Promise<void> {
  // One alone is no list.
  const items = [JSON.parse(new URLSearchParams(body).get("data") ?? "[]")].flat() as Item[];
  for (const item of items) {
    const [imei, at] = [String(item.deviceImei), new Date(parseVendorTime(String(item.gateTime)))];
    if (/\/pushobd$/i.test(path)) {
      const { rpm, vehicleSpeed } = JSON.parse(String(item.obdJson)) as Record<string, number>;
      const told = [imei, at, rpm, vehicleSpeed, JSON.stringify(item)];
      await sql.unsafe(OLD_STATEMENTS.obd_readings, told as never);
    } else if (/\/pushgps$/i.test(path)) {
      const fixAt = new Date(parseVendorTime(String(item.gpsTime)));
      const told = [imei, fixAt, item.lat, item.lng, item.gpsSpeed, item.direction, item.acc, "poll"];
      await sql.unsafe(OLD_STATEMENTS.position_history, told as never);
    } else {
      const told = [imei, at, item.type, JSON.stringify(item)];
      await sql.unsafe(OLD_STATEMENTS.device_events, told as never);
    }
  }
}

/** GeoJSON, as its pages draw it. A vehicle without a position is a row that this system has added. */
async function readMap(sql: postgres.Sql) {
  const rows =
    await sql`select imei, lat, lng from tracksolid.live_positions where lat is not null order by imei`;
  return {
    type: "FeatureCollection",
    features: rows.map(({ imei, lat, lng }) => ({
      type: "Feature",
      geometry: { type: "Point", coordinates: [lng, lat] },
      properties: { imei },
    })),
  };
}
