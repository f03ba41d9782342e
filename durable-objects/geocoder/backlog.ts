import type { AddressRecord } from "../../shared/message.ts";
import type { WantedCell } from "../../shared/records.ts";

/** An hour's work. What falls off is found again by the job `addresses`, once it is among the newest without an address. */
const MOST_WAITING = 3_600;

/** An answer is in the cache of the database long before: who asks meanwhile was written at the same time as it. */
const ANSWERED_FOR_MS = 10 * 60_000;

/** A place that was refused so often would be refused again. */
const MOST_TRIES = 3;
const REFUSED_FOR_MS = 24 * 3_600_000;

/** Answers that leave in one message. */
const MOST_TOGETHER = 20;

/**
 * The cells that wait for their turn, and what became of the last ones.
 *
 * Storage: `waiting` (cell, lat, lng, at_ms, failures: requests without an answer, refusals: those of them that were
 * about the place), and `settled` (cell, record: what was answered, as JSON, or null
 * for a cell that is refused; unsent: 1 while the queue has not taken it; until_ms: when it is forgotten). The latter has
 * some hundred rows, which are cheaper read than indexed.
 */
export class Backlog {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
    sql.exec(`
      create table if not exists waiting (
        cell text primary key, lat real not null, lng real not null, at_ms integer not null,
        failures integer not null, refusals integer not null) without rowid;
      create index if not exists waiting_order on waiting (failures, at_ms);
      create table if not exists settled (
        cell text primary key, record text, unsent integer not null, until_ms integer not null) without rowid`);
  }

  /** Adds cells, each once, with the newest place in it. @returns How many fell off. */
  add(cells: WantedCell[], nowMs: number): number {
    this.#sql.exec("delete from settled where until_ms < ? and unsent = 0", nowMs);
    for (const { cell, lat, lng, atMs } of cells) {
      const settled = this.#sql.exec("select 1 from settled where cell = ?", cell).toArray().length > 0;
      if (settled) {
        this.#sql.exec("update settled set unsent = 1 where cell = ? and record is not null", cell);
        continue;
      }
      this.#sql.exec(
        `insert into waiting values (?, ?, ?, ?, 0, 0) on conflict (cell) do update
         set lat = excluded.lat, lng = excluded.lng, at_ms = excluded.at_ms where excluded.at_ms > at_ms`,
        ...[cell, lat, lng, atMs],
      );
    }
    const excess = this.waiting - MOST_WAITING;
    if (excess <= 0) return 0;
    this.#sql.exec(
      "delete from waiting where cell in (select cell from waiting order by at_ms limit ?)",
      excess,
    );
    return excess;
  }

  get waiting(): number {
    return this.#sql.exec<{ count: number }>("select count(*) as count from waiting").one().count;
  }

  /** The next cell to ask for: the newest. One that failed comes after the others, or it would stand in their way. */
  next(): WantedCell | undefined {
    return this.#sql
      .exec<WantedCell & Record<string, SqlStorageValue>>(
        "select cell, lat, lng, at_ms as atMs from waiting order by failures, at_ms desc limit 1",
      )
      .toArray()[0];
  }

  /** Notes an answer, to be sent. */
  answered(record: AddressRecord, nowMs: number): void {
    this.#settle(record.cell, JSON.stringify(record), nowMs + ANSWERED_FOR_MS);
  }

  /** Notes a request without an answer, for whatever reason. */
  failed(cell: string): void {
    this.#sql.exec("update waiting set failures = failures + 1 where cell = ?", cell);
  }

  /** Notes that it was about the place. @returns Whether the cell is given up. */
  refused(cell: string, nowMs: number): boolean {
    this.#sql.exec("update waiting set refusals = refusals + 1 where cell = ?", cell);
    const tired = this.#sql.exec("select 1 from waiting where cell = ? and refusals >= ?", cell, MOST_TRIES);
    if (tired.toArray().length === 0) return false;
    this.#settle(cell, null, nowMs + REFUSED_FOR_MS);
    return true;
  }

  /** Answers that the queue has not taken yet. */
  unsent(): AddressRecord[] {
    return this.#sql
      .exec<{ record: string }>("select record from settled where unsent = 1 limit ?", MOST_TOGETHER)
      .toArray()
      .map(({ record }) => JSON.parse(record) as AddressRecord);
  }

  /** Whether answers are to be sent: enough for a message, or nothing else to wait for. */
  isDue(unsent: AddressRecord[], isIdle: boolean): boolean {
    return unsent.length >= MOST_TOGETHER || (unsent.length > 0 && isIdle);
  }

  /** Notes that the queue has taken answers. */
  sent(records: AddressRecord[]): void {
    for (const { cell } of records) this.#sql.exec("update settled set unsent = 0 where cell = ?", cell);
  }

  #settle(cell: string, record: string | null, untilMs: number): void {
    this.#sql.exec("delete from waiting where cell = ?", cell);
    this.#sql.exec(
      "insert or replace into settled values (?, ?, ?, ?)",
      ...[cell, record, record === null ? 0 : 1, untilMs],
    );
  }
}
