import type { FactsPage } from "../../shared/live/facts.ts";
import type { Fleet } from "./fleet.ts";

/** A transaction may commit so long after it stamped its rows: what changed since then is read again. */
const OVERLAP_MS = 120_000;

/** Deletes and edits with the trigger switched off leave no trace in `changed_at`: everything is read again so often. */
const WHOLE_EVERY_MS = 15 * 60_000;

/** Reads a page: `LiveSource.read`. */
export type ReadFacts = (changedAfter: string | null, afterImei: string) => Promise<FactsPage>;

/** Brings a fleet to what the database holds. It remembers how far it has read. */
export class Reconciler {
  readonly #read: ReadFacts;
  #readAt: string | null;
  #wholeAtMs = 0;

  /** @param readAt As {@link readAt} gave it to a former object. */
  constructor(read: ReadFacts, readAt: string | null) {
    this.#read = read;
    this.#readAt = readAt;
  }

  /** Clock of the database at the last reconcile, or null before the first. */
  get readAt(): string | null {
    return this.#readAt;
  }

  /**
   * Reads what changed since the last time, or everything where that may not be all.
   * @throws whatever the database says; what was read until then is kept.
   */
  async reconcile(fleet: Fleet, nowMs: () => number): Promise<void> {
    const whole = this.#readAt === null || nowMs() - this.#wholeAtMs > WHOLE_EVERY_MS;
    const rows = await this.#readAll(fleet, whole ? null : this.#readAt, nowMs);
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
    this.#readAt = firstReadAt;
    if (since === null) this.#wholeAtMs = nowMs();
    return rows;
  }
}

/** The overlap before an instant, in the form of `changedAt`. */
function before(instant: string): string {
  const ms = Date.parse(instant) - OVERLAP_MS;
  return new Date(ms).toISOString().replace("Z", "000Z");
}
