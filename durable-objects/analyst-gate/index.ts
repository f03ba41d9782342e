import { DurableObject, RpcTarget } from "cloudflare:workers";
import { analystConfig } from "../../shared/config.ts";
import { newId } from "../../shared/ids.ts";
import { nowMs } from "../../shared/time.ts";
import { Brake } from "./brake.ts";
import { Slots } from "./slots.ts";

/** A turn ends with the request that has it. One that does not is over after the longest statement and this, for what comes around it. */
const GRACE_MS = 5_000;

const DAY_MS = 24 * 3_600_000;

/** Whether an analyst may run a query now. To be disposed of. */
export type Admission =
  | { admitted: true; turn: Turn }
  | { admitted: false; reason: "busy" | "budget_spent"; retryAfterS: number };

/** What a query took. */
export interface Taken {
  ms: number;
  bytes: number;
}

/** The right to run one query. While somebody has it, the gate stays in memory. */
class Turn extends RpcTarget {
  readonly #end: (taken: Taken | null) => void;

  constructor(end: (taken: Taken | null) => void) {
    super();
    this.#end = end;
  }

  /** Gives it back. */
  leave(taken: Taken): void {
    this.#end(taken);
  }

  /** Whoever had it is gone, be it that the client hung up. */
  [Symbol.dispose](): void {
    this.#end(null);
  }
}

/**
 * How much analysts ask at once, a second and a day. One object: a limit of the database cannot be kept by isolates that
 * know only themselves.
 *
 * Storage: `spent` (day, analyst, ms, bytes): what an analyst took of a day, UTC. Who has a turn and who waits is in memory.
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

  /** Waits for a turn, as long as it may. */
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
    if (!isFree) return { admitted: false, reason: "busy", retryAfterS: 5 };
    const fromMs = nowMs();
    const end = (taken: Taken | null) => {
      // Who gave it back already, or had it for too long, has paid for it.
      if (this.#slots.giveBack(slot) === null) return;
      this.#spend(analyst, taken ?? { ms: nowMs() - fromMs, bytes: 0 });
    };
    return { admitted: true, turn: new Turn(end) };
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
