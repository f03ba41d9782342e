import type { FactsPage } from "../../shared/live/facts.ts";
import type { Fleet } from "./fleet.ts";

/** A transaction may commit so long after it stamped its rows: what changed since then is read again. */
const OVERLAP_MS = 120_000;

/** Deletes and edits with the trigger switched off leave no trace in `changed_at`: everything is read again so often. */
const WHOLE_EVERY_MS = 15 * 60_000;

/** Reads a page: `LiveSource.read`. */
export type ReadFacts = (changedAfter: string | null, afterImei: string) => Promise<FactsPage>;

/** How far the database has been read. */
export interface Reading {
  /** Clock of the database at the last reading, or null before the first. */
  readAt: string | null;
  /** When everything was last read, ms since the epoch. */
  wholeAtMs: number;
}

/** Brings a fleet to what the database holds. */
export class Reconciler {
  readonly #read: ReadFacts;
  #reading: Reading;

  /** @param reading As {@link reading} gave it to a former object. */
  constructor(read: ReadFacts, reading: Reading = { readAt: null, wholeAtMs: 0 }) {
    this.#read = read;
    this.#reading = reading;
  }

  get reading(): Reading {
    return this.#reading;
  }

  /**
   * Reads what changed since the last time, or everything where that may not be all.
   * @throws whatever the database says; what was read until then is kept.
   */
  async reconcile(fleet: Fleet, nowMs: () => number): Promise<void> {
    const { readAt, wholeAtMs } = this.#reading;
    const rows = await this.#readAll(fleet, nowMs() - wholeAtMs > WHOLE_EVERY_MS ? null : readAt, nowMs);
    const { registries, positions } = fleet.counts;
    // Rows were deleted; or one was written while the pages were read, which costs a reading for nothing.
    if (rows.registries !== registries || rows.positions !== positions)
      await this.#readAll(fleet, null, nowMs);
  }

  /** @returns How many rows the tables have. */
  async #readAll(fleet: Fleet, since: string | null, nowMs: () => number) {
    const changedAfter = since === null ? null : before(since);
    let rows = { registries: 0, positions: 0 };
    let firstReadAt: string | null = null;
    for (let after: string | null = ""; after !== null; ) {
      const readFrom = fleet.takes;
      const page: FactsPage = await this.#read(changedAfter, after);
      firstReadAt ??= page.readAt;
      if (since === null) fleet.takeWhole(page, after, readFrom, nowMs());
      else fleet.take(page, nowMs());
      rows = { registries: page.registryCount, positions: page.positionCount };
      after = page.next;
    }
    const wholeAtMs = since === null ? nowMs() : this.#reading.wholeAtMs;
    this.#reading = { readAt: firstReadAt, wholeAtMs };
    return rows;
  }
}

/** The overlap before an instant, in the form of `changedAt`. */
function before(instant: string): string {
  const ms = Date.parse(instant) - OVERLAP_MS;
  return new Date(ms).toISOString().replace("Z", "000Z");
}
