import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Usage } from "./usage.ts";

/** Fleets that costs are stated for. */
export const FLEETS = [150, 1_500, 15_000] as const;
export type FleetSize = (typeof FLEETS)[number];

/** Items a body: a tracker that reports alone, and batches of the vendor, which has been seen to send up to 50 (reference §3.1). */
export const BODIES = [1, 10, 100] as const;
export type BodySize = (typeof BODIES)[number];

/** What a tick causes: as much whatever the fleet is, and so much more for each vehicle that it asks for. */
export interface Tick {
  fixed: Usage;
  each: Usage;
}

/** What pushes of a size cause. */
export interface PushCost {
  body: Usage;
  /** A batch of the consumer, with what it tells the live map. */
  batch: Usage;
  /** Telling the tally how far the sender has counted. */
  note: Usage;
  /** An alarm of the live map, which stores what changed. */
  alarm: Usage;
  item: Usage;
}

/** What `npm run bench -- cost` counted. */
export interface Counted {
  /** Day of the run. */
  on: string;
  /** The tick of every minute, by the size of the fleet. */
  minute: Record<FleetSize, Usage>;
  /** Of the other cron expressions; that of the tracks for each vehicle that moved. */
  ticks: Record<string, Tick>;
  /** A vehicle's details, asked for once a day. */
  detail: Usage;
  push: Record<BodySize, PushCost>;
  /** How often a busy sender tells the tally, and a live map that changes all the time stores itself, a second. */
  notesPerS: number;
  alarmsPerS: number;
  /** What a minute of a watched map has more than one nobody watches. */
  watched: Record<FleetSize, Usage>;
  /** What a minute has more with the canary device on. */
  canary: Usage;
  /** An address that is looked up. */
  address: Usage;
  /** Of the simulated fleet, a vehicle and day. */
  itemsPerDay: number;
  /** Those of them that always come alone. */
  singlesPerDay: number;
  movedHalfHoursPerDay: number;
}

const FILE = join(import.meta.dirname, "counted.json");

/** What docs/cost.md is computed from. */
export const readCounted = async (): Promise<Counted> => JSON.parse(await readFile(FILE, "utf8"));

/** Keeps what was counted, in six digits. */
export async function keepCounted(counted: Counted): Promise<void> {
  const short = (_: string, value: unknown) =>
    typeof value === "number" ? Number(value.toPrecision(6)) : value;
  await writeFile(FILE, `${JSON.stringify(counted, short, 2)}\n`);
}
