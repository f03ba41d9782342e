import { database } from "../../setup/worker-database.ts";

/** Columns of a device that tests set. */
export interface DeviceRow {
  account?: string | null;
  device_name?: string | null;
  plate?: string | null;
  driver_name?: string | null;
  driver_phone?: string | null;
  model?: string | null;
  city?: string | null;
  segment?: string | null;
  vehicle_type?: string | null;
  expires_at?: string | null;
  hidden_on_map?: boolean;
  enabled?: boolean;
  [column: string]: string | number | boolean | null | undefined;
}

/** Columns of a live position that tests set; times are ISO text. */
export interface LiveRow {
  fix_at?: string | null;
  fix_received_at?: string | null;
  lat?: number | null;
  lng?: number | null;
  speed_kmh?: number | null;
  contact_at?: string | null;
  ignition?: boolean | null;
  [column: string]: string | number | boolean | null | undefined;
}

/** A text that no other test uses: an account, a driver, a key id. */
export const unique = (name: string) => `${name}-${crypto.randomUUID()}`;

/** IMEIs that no other test uses, in order. */
export function imeis(count: number): string[] {
  const [base = 0] = crypto.getRandomValues(new Uint32Array(1));
  return Array.from({ length: count }, (_, number) => `99${String(base).padStart(10, "0")}${100 + number}`);
}

/** Registers a device, with a live position where one is given. */
export async function addVehicle(imei: string, device: DeviceRow, live?: LiveRow): Promise<void> {
  const sql = database();
  const now = new Date().toISOString();
  const row = { imei, facts_at: now, created_at: now, changed_at: now, ...device };
  await sql`insert into tracksolid.devices ${sql(row)}`;
  if (live) await sql`insert into tracksolid.live_positions ${sql({ imei, changed_at: now, ...live })}`;
}

/** An instant so many seconds before now, as ISO text. */
export const ago = (seconds: number) => new Date(Date.now() - seconds * 1000).toISOString();
