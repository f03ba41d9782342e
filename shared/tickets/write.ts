import type postgres from "postgres";
import type { CheckedRow, Problem } from "./check.ts";
import type { Target } from "./targets.ts";

/** What became of rows, by number. */
export interface Written {
  /** Not known before. */
  new: number;
  changed: number;
  /** As they are known. */
  same: number;
  /** Older than what is known: left. */
  older: number;
}

export interface Outcome {
  written: Written;
  /** Rows that contradict what is known; where there are any nothing was written. */
  problems: Problem[];
  /** Vehicles among them that nobody has heard of. They are kept: the fleet may be told of them later. */
  unknownImeis: string[];
}

/** Rows of one statement: some MB of text. */
const ROWS_AT_ONCE = 5_000;

/**
 * Writes rows into a table of our own, all or, where there are problems, none.
 * @param tx A transaction of a role that may change its rows.
 */
export async function writeRows(
  tx: postgres.TransactionSql,
  target: Target,
  rows: CheckedRow[],
): Promise<Outcome> {
  const outcome: Outcome = {
    written: { new: 0, changed: 0, same: 0, older: 0 },
    problems: [],
    unknownImeis: [],
  };
  const { check, write, strangers } = statementsOf(target);
  const parts: string[] = [];
  for (let from = 0; from < rows.length; from += ROWS_AT_ONCE) {
    parts.push(textOf(rows.slice(from, from + ROWS_AT_ONCE)));
  }
  // Nobody writes between what is compared and what is written.
  await tx.unsafe(`lock table ${target.schema}.${target.table} in share row exclusive mode`);
  for (const part of parts) {
    outcome.problems.push(...(await tx.unsafe<(Problem & postgres.Row)[]>(check, [part])));
  }
  if (outcome.problems.length > 0) return outcome;
  for (const part of parts) {
    const counts = await tx.unsafe<{ fate: keyof Written; rows: number }[]>(write, [part]);
    for (const { fate, rows: count } of counts) outcome.written[fate] += count;
    const found = await tx.unsafe<{ imei: string }[]>(strangers, [part]);
    outcome.unknownImeis.push(...found.map(({ imei }) => imei));
  }
  outcome.unknownImeis = [...new Set(outcome.unknownImeis)].sort();
  return outcome;
}

const textOf = (rows: CheckedRow[]) =>
  JSON.stringify(
    rows.map(({ place, toldAt, values, raw }) => ({
      ...values,
      place,
      told_at: toldAt,
      given: Object.keys(values),
      raw: JSON.stringify(raw),
    })),
  );

function statementsOf({ schema, table, key, columns, refused }: Target) {
  const names = Object.keys(columns);
  const others = names.filter((name) => !key.includes(name));
  const content = [...others, "raw"];
  const list = (texts: string[], separator = ", ") => texts.join(separator);
  const sent = `
    select s.* from json_to_recordset($1::text::json) as s (
      place text, told_at timestamptz, given jsonb, raw text,
      ${list(Object.entries(columns).map(([name, { type }]) => `${name} ${type}`))}
    )`;
  // A column that was not given stays as it is.
  const merged = `
    select s.place, ${list(key.map((name) => `s.${name}`))}, s.told_at, s.raw, k.told_at as known_at,
      ${list(others.map((name) => `case when s.given ? '${name}' then s.${name} else k.${name} end as ${name}`))},
      case
        when k.told_at is null then 'new'
        when s.told_at < k.told_at then 'older'
        when (${list([...others.map((name) => `case when s.given ? '${name}' then s.${name} else k.${name} end`), "s.raw"])})
          is not distinct from (${list([...others.map((name) => `k.${name}`), "k.raw::text"])}) then 'same'
        else 'changed'
      end as fate
    from (${sent}) s
    left join ${schema}.${table} k on ${list(
      key.map((name) => `k.${name} = s.${name}`),
      " and ",
    )}`;
  return {
    check: `
      select m.place, r.reason from (${merged}) m
      cross join lateral (values ${list(refused.map(({ when, reason }) => `(${when}, '${reason}')`))}) r (holds, reason)
      where m.fate <> 'older' and r.holds`,
    write: `
      with merged as materialized (${merged}), written as (
        insert into ${schema}.${table} as k (${list([...names, "raw", "told_at"])})
        select ${list(names)}, raw::json, told_at from merged
        where fate in ('new', 'changed') or fate = 'same' and told_at > known_at
        order by ${list(key)}
        on conflict (${list(key)}) do update set
          ${list([...content, "told_at"].map((name) => `${name} = excluded.${name}`))}
      )
      select fate, count(*)::int as rows from merged group by fate`,
    strangers: `
      select distinct s.imei from (${sent}) s
      where s.imei is not null and not exists (select from tracksolid.devices d where d.imei = s.imei)`,
  };
}
