import type postgres from "postgres";
import type { CheckedRow } from "./check.ts";
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

/** Nobody writes between what is compared and what is written. */
export const lockTable = (tx: postgres.TransactionSql, { schema, table }: Target) =>
  tx.unsafe(`lock table ${schema}.${table} in share row exclusive mode`);

/** Rows as the text that {@link sentRows} reads. */
export const textOf = (rows: CheckedRow[]): string =>
  JSON.stringify(
    rows.map(({ place, toldAt, values, raw }) => ({
      ...values,
      place,
      told_at: toldAt,
      given: Object.keys(values),
      raw: JSON.stringify(raw),
    })),
  );

/** The columns of rows on their way to a target, with their types. */
export const sentColumns = ({ columns }: Target): string =>
  [
    "place text, told_at timestamptz, given jsonb, raw text",
    ...Object.entries(columns).map(([name, { type }]) => `${name} ${type}`),
  ].join(", ");

/** A query for rows that are sent as the parameter $1. */
export const sentRows = (target: Target): string =>
  `select s.* from json_to_recordset($1::text::json) as s (${sentColumns(target)})`;

const list = (texts: string[], separator = ", ") => texts.join(separator);

const othersOf = ({ columns, key }: Target) => Object.keys(columns).filter((name) => !key.includes(name));

/**
 * A query for rows as they would be, each with its fate. A column that was not given stays as it is.
 * @param sent A query for the rows, with {@link sentColumns}, one row per key
 */
export function mergedRows(target: Target, sent: string): string {
  const { schema, table, key } = target;
  const others = othersOf(target);
  const merged = (name: string) => `case when s.given ? '${name}' then s.${name} else k.${name} end`;
  return `
    select s.place, ${list(key.map((name) => `s.${name}`))}, s.told_at, s.raw, k.told_at as known_at,
      ${list(others.map((name) => `${merged(name)} as ${name}`))},
      case
        when k.told_at is null then 'new'
        when s.told_at < k.told_at then 'older'
        when (${list([...others.map(merged), "s.raw"])})
          is not distinct from (${list([...others.map((name) => `k.${name}`), "k.raw::text"])}) then 'same'
        else 'changed'
      end as fate
    from (${sent}) s
    left join ${schema}.${table} k on ${list(
      key.map((name) => `k.${name} = s.${name}`),
      " and ",
    )}`;
}

/** A query for why rows of {@link mergedRows} cannot be. */
export const refusedRows = ({ refused }: Target, merged: string): string => `
  select m.place, r.reason from (${merged}) m
  cross join lateral (values ${list(refused.map(({ when, reason }) => `(${when}, '${reason}')`))}) r (holds, reason)
  where m.fate <> 'older' and r.holds`;

/** Writes the rows of {@link mergedRows} that say something new. */
export function insertOf(target: Target, merged: string): string {
  const { schema, table, key, columns } = target;
  const names = Object.keys(columns);
  const content = [...othersOf(target), "raw", "told_at"];
  return `
    insert into ${schema}.${table} as k (${list([...names, "raw", "told_at"])})
    select ${list(names)}, raw::json, told_at from (${merged}) m
    where fate in ('new', 'changed') or fate = 'same' and told_at > known_at
    order by ${list(key)}
    on conflict (${list(key)}) do update set ${list(content.map((name) => `${name} = excluded.${name}`))}`;
}

/** A query for the vehicles of rows that nobody has heard of. */
export const strangersOf = (sent: string): string => `
  select distinct s.imei from (${sent}) s
  where s.imei is not null and not exists (select from tracksolid.devices d where d.imei = s.imei)
  order by s.imei`;
