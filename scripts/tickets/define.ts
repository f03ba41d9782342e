import type postgres from "postgres";
import { inTransaction } from "../database/transaction.ts";
import type { ViewDefinition } from "./views.ts";

/**
 * Replaces views, all or none, as tracksolid_owner.
 * @param apply Without it all of it is taken back
 * @returns what they show, for a person to see whether the mapping is right
 */
export function defineViews(sql: postgres.Sql, views: ViewDefinition[], apply: boolean): Promise<string[]> {
  return inTransaction(sql, apply, async (tx) => {
    await tx`set local role tracksolid_owner`;
    for (const { statement } of views) await tx.unsafe(statement);
    const lines: string[] = [];
    for (const { view } of views) {
      lines.push(...(view === "reporting.v_tickets" ? await tickets(tx) : await fills(tx)));
    }
    return lines;
  });
}

async function tickets(tx: postgres.TransactionSql): Promise<string[]> {
  const kinds = await tx<Record<string, string | number>[]>`
    select kind, count(*)::int as rows, (count(*) filter (where is_open))::int as open,
      (count(*) filter (where lat is null))::int as nowhere,
      (count(*) filter (where opened_at is null))::int as undated,
      (count(*) filter (where imei is null and driver_name is null))::int as unassigned,
      (count(*) filter (where imei is not null
        and not exists (select from tracksolid.devices d where d.imei = t.imei)))::int as strangers,
      (count(*) - count(distinct number))::int as doubles
    from reporting.v_tickets t group by kind order by kind`;
  const states = await tx<{ kind: string; state: string | null; is_open: boolean; rows: number }[]>`
    select kind, state, is_open, count(*)::int as rows from reporting.v_tickets group by kind, state, is_open
    order by kind, is_open desc, rows desc limit 40`;
  if (kinds.length === 0) return ["reporting.v_tickets: no rows"];
  return [
    ...kinds.map(
      (k) =>
        `reporting.v_tickets ${k.kind}: ${k.rows} rows, ${k.open} open, ${k.nowhere} without a place, ${k.undated} without opened_at, ${k.unassigned} assigned to nobody, ${k.strangers} to unknown vehicles, ${k.doubles} with the number of another`,
    ),
    ...states.map((s) => `  ${s.kind} "${s.state ?? ""}" is ${s.is_open ? "open" : "closed"}: ${s.rows}`),
  ];
}

async function fills(tx: postgres.TransactionSql): Promise<string[]> {
  const [f] = await tx<Record<string, number>[]>`
    select count(*)::int as rows, (count(*) - count(distinct (imei, filled_at)))::int as doubles,
      (count(*) filter (where litres is null))::int as unmeasured,
      (count(*) filter (where not exists (select from tracksolid.devices d where d.imei = f.imei)))::int as strangers
    from reporting.v_fuel_fills f`;
  return [
    `reporting.v_fuel_fills: ${f?.rows} rows, ${f?.unmeasured} without litres, ${f?.strangers} of unknown vehicles, ${f?.doubles} at the instant of another`,
  ];
}
