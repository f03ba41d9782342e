import { DurableObject } from "cloudflare:workers";
import { nowMs } from "../../shared/time.ts";

/** How far a producer has counted. */
export interface Count {
  /** The isolate. */
  producer: string;
  /** The highest number it has given to a message. */
  sequence: number;
  /** Items in that message and all before it. */
  items: number;
  /** Messages that the queue refused: they went nowhere, and whoever sent them was told. */
  refused: Refused[];
}

/** A message that was numbered and never went. */
export interface Refused {
  sequence: number;
  items: number;
}

/** A count with its time. */
export interface NotedCount extends Count {
  /** When it was first and last told of, ms. */
  fromMs: number;
  toMs: number;
  /** How far it had counted a while ago: a producer that goes on counting must not make its losses look new. */
  earlier: { sequence: number; items: number; atMs: number };
}

/** An earlier count is replaced when it is so old. */
const EARLIER_FOR_MS = 10 * 60_000;

/** The ledger keeps single messages for three days; what is older it has folded. */
const KEPT_MS = 4 * 24 * 3_600_000;

/**
 * How many messages each producer says it has sent. The one witness that does not go through the queue: without it the
 * loss of a producer's last messages would leave no gap.
 *
 * Storage: `counts` (producer, sequence, items, from_ms, to_ms, earlier_sequence, earlier_items, earlier_ms), `refused` (producer, sequence, items).
 */
export class Tally extends DurableObject<Env> {
  readonly #sql = this.ctx.storage.sql;

  constructor(state: DurableObjectState, env: Env) {
    super(state, env);
    this.#sql.exec(`
      create table if not exists counts (
        producer text primary key, sequence integer not null, items integer not null, from_ms integer not null,
        to_ms integer not null, earlier_sequence integer not null, earlier_items integer not null,
        earlier_ms integer not null);
      create table if not exists refused (
        producer text not null, sequence integer not null, items integer not null,
        primary key (producer, sequence)) without rowid`);
  }

  /** Notes how far a producer has counted; an older count changes nothing. */
  note({ producer, sequence, items, refused }: Count): void {
    const now = nowMs();
    const isNew = this.#sql.exec("select 1 from counts where producer = ?", producer).toArray().length === 0;
    // The moment to let go of old ones: isolates come and go by the hour, not by the second.
    if (isNew) this.#forget(now - KEPT_MS);
    this.#sql.exec(
      `insert into counts values (?1, ?2, ?3, ?4, ?4, ?2, ?3, ?4)
       on conflict (producer) do update set sequence = max(sequence, excluded.sequence),
         items = max(items, excluded.items), to_ms = excluded.to_ms,
         earlier_sequence = case when earlier_ms <= ?5 then sequence else earlier_sequence end,
         earlier_items = case when earlier_ms <= ?5 then items else earlier_items end,
         earlier_ms = case when earlier_ms <= ?5 then to_ms else earlier_ms end`,
      ...[producer, sequence, items, now, now - EARLIER_FOR_MS],
    );
    for (const one of refused) {
      this.#sql.exec("insert or ignore into refused values (?, ?, ?)", producer, one.sequence, one.items);
    }
  }

  /** Counts of the producers that were heard of since then. */
  since(ms: number): NotedCount[] {
    const rows = this.#sql
      .exec<CountRow>("select * from counts where to_ms >= ? order by producer", ms)
      .toArray();
    const refused = Map.groupBy(
      this.#sql.exec<{ producer: string; sequence: number; items: number }>(
        "select producer, sequence, items from refused order by producer, sequence",
      ),
      ({ producer }) => producer,
    );
    return rows.map(({ producer, sequence, items, ...row }) => ({
      ...{ producer, sequence, items },
      fromMs: row.from_ms,
      toMs: row.to_ms,
      earlier: { sequence: row.earlier_sequence, items: row.earlier_items, atMs: row.earlier_ms },
      refused: refused.get(producer)?.map((one) => ({ sequence: one.sequence, items: one.items })) ?? [],
    }));
  }

  #forget(beforeMs: number): void {
    this.#sql.exec(
      "delete from refused where producer in (select producer from counts where to_ms < ?)",
      beforeMs,
    );
    this.#sql.exec("delete from counts where to_ms < ?", beforeMs);
  }
}

/** A row of `counts`. */
type CountRow = Record<
  "sequence" | "items" | "from_ms" | "to_ms" | "earlier_sequence" | "earlier_items" | "earlier_ms",
  number
> & { producer: string };

/** The one tally of an environment. */
export function tally(env: Env): DurableObjectStub<Tally> {
  return env.TALLY.getByName("all");
}
