import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type postgres from "postgres";
import { localRoleUrls } from "../../../scripts/database/roles.ts";
import { exportCommand } from "../../../scripts/export.ts";
import { callCommand } from "../../setup/command.ts";
import { createDatabase, type OwnDatabase } from "../../setup/database.ts";

/** A database to export from, and a folder to export to. */
export interface Exports extends AsyncDisposable {
  database: OwnDatabase;
  folder: string;
  /** Calls the command as dashboard_ro. */
  run(...words: string[]): Promise<{ stdout: string; stderr: string; code: number }>;
  runAs(url: string, ...words: string[]): Promise<{ stdout: string; stderr: string; code: number }>;
  /** Exports to a file, which has to succeed. @returns where it is */
  toFile(name: string, ...words: string[]): Promise<string>;
  read(name: string): Promise<string>;
  files(): Promise<string[]>;
}

export async function openExports(): Promise<Exports> {
  const database = await createDatabase("migrated");
  const folder = await mkdtemp(join(tmpdir(), "tracksolid-export-"));
  const runAs = (url: string, ...words: string[]) => callCommand(exportCommand, words, { DATABASE_URL: url });
  const run = (...words: string[]) => runAs(localRoleUrls(database.url).read, ...words);
  return {
    ...{ database, folder, run, runAs },
    async toFile(name, ...words) {
      const path = join(folder, name);
      const { stderr, code } = await run(...words, "--out", path);
      if (code !== 0) throw new Error(`${words.join(" ")}: ${stderr}`);
      return path;
    },
    read: (name) => readFile(join(folder, name), "utf8"),
    files: () => readdir(folder),
    async [Symbol.asyncDispose]() {
      await rm(folder, { recursive: true, force: true });
      await database[Symbol.asyncDispose]();
    },
  };
}

export const ONE = "861000000000001";
export const TWO = "861000000000002";
const HIDDEN = "861000000000003";

/** What somebody typed into the name of a device. */
export const HOSTILE = `<&"'>\u0001 =1+1`;

/** Two vehicles with tracks, and one that maps do not show. */
export async function fillTracks(sql: postgres.Sql): Promise<void> {
  await sql`
    insert into tracksolid.devices (imei, device_name, plate, hidden_on_map, facts_at, created_at, changed_at)
    select imei, name, plate, imei = ${HIDDEN}, now(), now(), now()
    from (values (${ONE}, ${HOSTILE}, 'KAA 001A'), (${TWO}, null, null), (${HIDDEN}, 'hidden', null)) d (imei, name, plate)`;
  const fix = (imei: string, at: string, lat: number, lng: number, more: Record<string, unknown> = {}) => ({
    ...{ imei, gps_time: at, lat, lng, source: "poll", sources: 1, received_at: "2026-10-01T00:00Z" },
    ...{ altitude_m: null, pos_type: "GPS", clock_ahead: false, ...more },
  });
  await sql`insert into tracksolid.position_history ${sql([
    fix(ONE, "2026-10-01T20:50:00Z", -1.3, 36.8, { altitude_m: 1661.5 }),
    fix(ONE, "2026-10-01T20:50:10.123Z", -1.301, 36.8),
    // By a cell, and by a clock that is wrong: no map draws them.
    fix(ONE, "2026-10-01T20:50:20Z", -1.4, 36.9, { pos_type: "LBS" }),
    fix(ONE, "2026-10-01T20:50:30Z", -1.5, 36.9, { clock_ahead: true }),
    // Midnight in Nairobi is between them.
    fix(ONE, "2026-10-01T20:59:50Z", -1.302, 36.8),
    fix(ONE, "2026-10-01T21:00:00Z", -1.303, 36.8),
    // An hour later, elsewhere: nobody knows the way.
    fix(ONE, "2026-10-01T22:00:00Z", -1.35, 36.85),
    // An hour later in the same place: it stood.
    fix(TWO, "2026-10-01T10:00:00Z", -4.05, 39.66),
    fix(TWO, "2026-10-01T11:00:00Z", -4.05, 39.66),
    fix(HIDDEN, "2026-10-01T10:00:00Z", -4.05, 39.66),
  ])}`;
}
