import { expect } from "vitest";
import { database } from "../writer/deliver.ts";
import { query } from "./caller.ts";
import { expectDocumented } from "./document.ts";
import { addVehicle, type DeviceRow, imeis, unique } from "./fleet.ts";

type Get = (path: string, init?: RequestInit) => Promise<Response>;

/** Inserts rows as the writer would. */
export async function insert(table: string, rows: object[]): Promise<void> {
  const sql = database();
  for (const row of rows)
    await sql`insert into ${sql(`tracksolid.${table}`)} ${sql(row as Record<string, string>)}`;
}

/** Three vehicles of an account of their own: two in Nairobi, one of which maps leave out, and one in Mombasa. */
export async function addFleet(first: DeviceRow = {}) {
  const account = unique("facts");
  const [van = "", hidden = "", truck = "", canary = ""] = imeis(4);
  await addVehicle(van, { account, device_name: "Van", plate: "KDA 001A", city: "Nairobi", ...first });
  await addVehicle(hidden, { account, city: "Nairobi", hidden_on_map: true });
  await addVehicle(truck, {
    account,
    device_name: "Truck",
    city: "Mombasa",
    vehicle_type: "truck",
    segment: "food",
  });
  await addVehicle(canary, { account, kind: "canary" });
  return { account, van, hidden, truck, canary };
}

/** So many vehicles of an account of their own that lists read them by time. */
export async function addMany() {
  const [account, many] = [unique("many"), imeis(60)];
  await database()`
    insert into tracksolid.devices (imei, account, facts_at, created_at, changed_at)
    select value, ${account}, now(), now(), now() from json_array_elements_text(${JSON.stringify(many)}::text::json)`;
  return { account, many };
}

/** Names who drives from an instant on. */
export const drives = (imei: string, driver: string, from: string) =>
  insert("driver_assignments", [{ imei, valid_from: from, driver_name: driver, source: "device_detail" }]);

/** Reads a list to its end in pages of a size. @returns Its rows, as documented. */
export async function readAll<Row>(
  get: Get,
  route: string,
  rows: string,
  values: Record<string, string>,
  limit: number,
): Promise<Row[]> {
  const all: Row[] = [];
  let after: string | null = null;
  do {
    const response = await get(
      `${route}${query({ ...values, limit: String(limit), ...(after && { after }) })}`,
    );
    const page: Record<string, Row[]> & { next: string | null } = (await expectDocumented(
      route,
      response,
    )) as never;
    const here = page[rows] ?? [];
    expect(here.length).toBeLessThanOrEqual(limit);
    // A page that another follows is full.
    if (page.next !== null) expect(here).toHaveLength(limit);
    all.push(...here);
    after = page.next;
  } while (after !== null);
  return all;
}
