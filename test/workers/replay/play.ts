import { env } from "cloudflare:workers";
import { expect } from "vitest";
import { ask, makeKey } from "../api/caller.ts";
import { database } from "../writer/deliver.ts";

/** An answer of `POST /v1/replay`. */
export interface Piece {
  messages: number;
  items: number;
  tables: { table: string; inserted: number; changed: number; unchanged: number }[];
  skipped: { key: string; reason: string; messages: number | null }[];
  reachedAt: string | null;
  cursor: string | null;
}

let adminKey: string | undefined;

/** Asks for one piece as an administrator. */
export async function askReplay(body: unknown): Promise<Response> {
  adminKey ??= await makeKey({ scopes: ["admin"] });
  const headers = { authorization: `Bearer ${adminKey}`, "content-type": "application/json" };
  return ask("/v1/replay", { method: "POST", headers, body: JSON.stringify(body) });
}

/** Plays a span to its end. @returns The pieces. */
export async function play(span: { from: string; to: string; kinds?: string[] }, dryRun = false) {
  const pieces: Piece[] = [];
  let cursor: string | undefined;
  do {
    const response = await askReplay({ ...span, dryRun, ...(cursor && { cursor }) });
    expect(response.status, await response.clone().text()).toBe(200);
    const piece = (await response.json()) as Piece;
    pieces.push(piece);
    cursor = piece.cursor ?? undefined;
  } while (cursor);
  return pieces;
}

/** What pieces did to a table, `[inserted, changed, unchanged]`. */
export function figures(pieces: Piece[], table: string): [number, number, number] {
  const counts = pieces.flatMap(({ tables }) => tables.filter((one) => one.table === table));
  const sum = (name: "inserted" | "changed" | "unchanged") =>
    counts.reduce((total, one) => total + one[name], 0);
  return [sum("inserted"), sum("changed"), sum("unchanged")];
}

/** When a row last changed, or was last confirmed: that hangs on what was delivered together. */
const HANGS_ON_BATCHES = ["imei", "changed_at", "facts_at", "contact_received_at"];

/** What the tables hold of a fleet, with its vehicles numbered instead of named. */
export async function tablesOf(fleet: string[]) {
  const sql = database();
  const ofFleet = async (table: string, order: string) => {
    const rows = await sql.unsafe(
      `select * from ${table} where imei in (${fleet.map((imei) => `'${imei}'`).join()}) order by imei, ${order}`,
    );
    return rows.map((row) => ({
      vehicle: fleet.indexOf(row.imei),
      ...Object.fromEntries(Object.entries(row).filter(([name]) => !HANGS_ON_BATCHES.includes(name))),
    }));
  };
  return {
    devices: await ofFleet("tracksolid.devices", "created_at"),
    live: await ofFleet("tracksolid.live_positions", "fix_at"),
    history: await ofFleet("tracksolid.position_history", "gps_time"),
    drivers: await ofFleet("tracksolid.driver_assignments", "valid_from"),
  };
}

/** Bindings with which nothing is archived. */
export const unarchived = { ...env, ARCHIVE_RAW: "off" } as unknown as Env;
