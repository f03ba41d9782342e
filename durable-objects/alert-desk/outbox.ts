import type { AlertEvent } from "./standing.ts";

/** How far a target was told, and what it is being told. */
export interface Line {
  target: string;
  /** Events up to this one were told. */
  toldTo: number;
  /** The message under way: its id, and its last event; null between messages. */
  sending: { id: string; upTo: number } | null;
  /** Tries of it that failed, and why the last did. */
  failures: number;
  reason: string | null;
  /** Nothing is sent before, ms. */
  notBeforeMs: number;
}

/** What nobody could be told for so long is told no more. */
const KEPT_MS = 3 * 24 * 3_600_000;

/** A message has so many events at most: what is beyond them is in the next. */
const MOST_EVENTS = 2_000;

/**
 * Events in their order, and for each target how far it was told. A message once tried stays as it is, so that who got it
 * without our knowing gets the same again; what is new meanwhile goes with the next.
 *
 * Storage: `events` (number, event), `lines` (a row per target).
 */
export class Outbox {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
    sql.exec(`
      create table if not exists events (number integer primary key autoincrement, event text not null, at_ms integer not null);
      create table if not exists lines (target text primary key, line text not null)`);
  }

  add(events: readonly AlertEvent[]): void {
    for (const event of events) {
      this.#sql.exec("insert into events (event, at_ms) values (?, ?)", JSON.stringify(event), event.atMs);
    }
  }

  /** Lines of the targets there are: a new one is told what comes from now on; one that is gone is forgotten. */
  lines(targets: readonly string[]): Line[] {
    const kept = new Map(
      this.#sql
        .exec<{ target: string; line: string }>("select target, line from lines")
        .toArray()
        .map(({ target, line }) => [target, JSON.parse(line) as Line]),
    );
    for (const target of kept.keys()) {
      if (!targets.includes(target)) this.#sql.exec("delete from lines where target = ?", target);
    }
    return targets.map((target) => {
      const known = kept.get(target);
      if (known) return known;
      const line: Line = {
        ...{ target, toldTo: this.#newest(), sending: null, failures: 0, reason: null, notBeforeMs: 0 },
      };
      this.put(line);
      return line;
    });
  }

  put(line: Line): void {
    this.#sql.exec("insert or replace into lines values (?, ?)", line.target, JSON.stringify(line));
  }

  /** Events that follow one, up to another. */
  after(number: number, upTo = Number.MAX_SAFE_INTEGER): { number: number; event: AlertEvent }[] {
    return this.#sql
      .exec<{ number: number; event: string }>(
        "select number, event from events where number > ? and number <= ? order by number limit ?",
        ...[number, upTo, MOST_EVENTS],
      )
      .toArray()
      .map(({ number, event }) => ({ number, event: JSON.parse(event) as AlertEvent }));
  }

  /** Forgets what everybody was told, and what is too old to be told. @returns how many events nobody was told of */
  forget(lines: readonly Line[], nowMs: number): number {
    const toldTo = Math.min(this.#newest(), ...lines.map((line) => line.toldTo));
    this.#sql.exec("delete from events where number <= ?", toldTo);
    const { rowsWritten } = this.#sql.exec("delete from events where at_ms < ?", nowMs - KEPT_MS);
    return rowsWritten;
  }

  /** Number of the newest event there ever was. */
  #newest(): number {
    const [row] = this.#sql
      .exec<{ seq: number }>("select seq from sqlite_sequence where name = 'events'")
      .toArray();
    return row?.seq ?? 0;
  }
}
