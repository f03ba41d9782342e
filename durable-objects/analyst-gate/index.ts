import { DurableObject } from "cloudflare:workers";
import { analystConfig } from "../../shared/config.ts";
import { newId } from "../../shared/ids.ts";
import { nowMs } from "../../shared/time.ts";
import { Brake } from "./brake.ts";
import { Slots } from "./slots.ts";

/** A slot is given back by whoever took it. Who is gone has lost it after the longest statement and this, for what comes around it. */
const GRACE_MS = 5_000;

const DAY_MS = 24 * 3_600_000;

/** Whether an analyst may run a query now. */
export type Admission =
  | { admitted: true; slot: string }
  | { admitted: false; reason: "busy" | "budget_spent"; retryAfterS: number };

/** What a query took. */
export interface Taken {
  ms: number;
  bytes: number;
}

/**
 * How much analysts ask at once, a second and a day. One object: a limit of the database cannot be kept by isolates that
 * know only themselves.
 *
 * Storage: `spent` (day, analyst, ms, bytes): what an analyst took of a day, UTC. Who holds a slot and who waits is in memory:
 * when the object goes, so do the requests that waited at it, and slots that are given back then are unknown and ignored.
 */
export class AnalystGate extends DurableObject<Env> {
  readonly #sql = this.ctx.storage.sql;
  readonly #brake = new Brake();
  readonly #slots = new Slots((analyst, heldMs) => this.#spend(analyst, { ms: heldMs, bytes: 0 }));

  constructor(state: DurableObjectState, env: Env) {
    super(state, env);
    this.#sql.exec(`
      create table if not exists spent (
        day integer not null, analyst text not null, ms integer not null, bytes integer not null,
        primary key (day, analyst)) without rowid`);
  }

  /** Counts a request of an analyst. @returns 0, or after how many seconds the next one is good */
  knock(analyst: string): number {
    const { ANALYST_REQUESTS_PER_S, ANALYST_BURST } = analystConfig(this.env);
    return this.#brake.knock(analyst, ANALYST_REQUESTS_PER_S, ANALYST_BURST, nowMs());
  }

  /** Waits for a slot, as long as it may. */
  async enter(analyst: string): Promise<Admission> {
    const config = analystConfig(this.env);
    const now = nowMs();
    const spent = this.#spentOn(Math.floor(now / DAY_MS), analyst);
    if (spent.ms >= config.ANALYST_DAY_S * 1_000 || spent.bytes >= config.ANALYST_DAY_BYTES) {
      return {
        admitted: false,
        reason: "budget_spent",
        retryAfterS: Math.ceil((DAY_MS - (now % DAY_MS)) / 1_000),
      };
    }
    const slot = newId();
    const isFree = await this.#slots.take(slot, analyst, {
      atOnce: config.ANALYST_AT_ONCE,
      waitMs: config.ANALYST_WAIT_S * 1_000,
      holdMs: config.ANALYST_STATEMENT_S * 1_000 + GRACE_MS,
    });
    return isFree ? { admitted: true, slot } : { admitted: false, reason: "busy", retryAfterS: 5 };
  }

  /** Gives a slot back. */
  leave(slot: string, taken: Taken): void {
    const analyst = this.#slots.giveBack(slot);
    // Who held it for too long has paid for that already.
    if (analyst !== null) this.#spend(analyst, taken);
  }

  /** What an analyst took today. */
  spent(analyst: string): Taken {
    return this.#spentOn(Math.floor(nowMs() / DAY_MS), analyst);
  }

  #spentOn(day: number, analyst: string): Taken {
    const [row] = this.#sql.exec<{ ms: number; bytes: number }>(
      "select ms, bytes from spent where day = ? and analyst = ?",
      ...[day, analyst],
    );
    return row ?? { ms: 0, bytes: 0 };
  }

  #spend(analyst: string, { ms, bytes }: Taken): void {
    const day = Math.floor(nowMs() / DAY_MS);
    this.#sql.exec("delete from spent where day < ?", day);
    this.#sql.exec(
      `insert into spent values (?, ?, ?, ?)
       on conflict (day, analyst) do update set ms = ms + excluded.ms, bytes = bytes + excluded.bytes`,
      ...[day, analyst, Math.round(ms), bytes],
    );
  }
}

/** The one gate of an environment. */
export function analystGate(env: Env): DurableObjectStub<AnalystGate> {
  return env.ANALYST_GATE.getByName("all");
}
