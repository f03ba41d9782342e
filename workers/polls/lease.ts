import type postgres from "postgres";
import { nowMs, toIso } from "../../shared/time.ts";

/** A lease taken, or the run that holds it. Disposing gives it back. */
export interface Lease extends AsyncDisposable {
  held: boolean;
  holder: string;
}

/**
 * Takes a named lease for at most `limitS` seconds, by compare and set in one statement: connections are
 * pooled by transaction, so an advisory lock would not hold.
 */
export async function takeLease(
  sql: postgres.Sql,
  name: string,
  holder: string,
  limitS: number,
): Promise<Lease> {
  const now = nowMs();
  const [row] = await sql<{ holder: string }[]>`
    insert into private.leases as l (name, holder, taken_at, expires_at)
    values (${name}, ${holder}, ${toIso(now)}, ${toIso(now + limitS * 1000)})
    on conflict (name) do update set
      holder     = case when l.expires_at <= excluded.taken_at then excluded.holder else l.holder end,
      taken_at   = case when l.expires_at <= excluded.taken_at then excluded.taken_at else l.taken_at end,
      expires_at = case when l.expires_at <= excluded.taken_at then excluded.expires_at else l.expires_at end
    returning holder`;
  const held = row?.holder === holder;
  return {
    held,
    holder: row?.holder ?? "nobody",
    async [Symbol.asyncDispose]() {
      if (held) await sql`delete from private.leases where name = ${name} and holder = ${holder}`;
    },
  };
}
