import { identifier } from "../database/quote.ts";
import type { Mirrored, TableAdoption } from "./table.ts";

/** Where the trigger of a table looks whether rows of long ago are being filled: their days are marked at the end, all at once. */
export const FILLING = "tracksolid.filling";

/** Whether a row is the earlier system's. Not current_user: the function has its owner's rights. */
const IS_THEIRS = "session_user <> 'ingest_app'";

/**
 * SQL of the trigger that lets two systems write one table: what either says is there under both names, rows of the earlier
 * system have what ours need, and the days they concern are computed again.
 */
export function bridgeSql(adoption: TableAdoption): string {
  const { name, mirrored, geometries, added } = adoption;
  const called = `private.adopted_${name.split(".")[1]}`;
  const fills = Object.entries(adoption.old.fills).flatMap(([column, value]) => {
    const ours = added.find(({ name: own }) => own === column);
    // What a default says nobody has said.
    const said = adoption.old.defaults?.[column]
      ? `nullif(new.${column}, ${ours?.default})`
      : `new.${column}`;
    return ours ? [`new.${column} := coalesce(${said}, ${value});`] : [];
  });
  // Nothing to do for our own rows, so nothing is done.
  const forOurs = [...mirrored, ...geometries, ...generated(adoption), ...joinTwin(adoption)];
  const when = forOurs.length > 0 ? "" : `when (${IS_THEIRS}) `;
  const body = [
    ...keepNewest(adoption),
    ...mirrored.map(mirrorSql),
    // Our writer says all there is to say.
    `if ${IS_THEIRS} then`,
    ...fills.map((line) => `  ${line}`),
    ...skipDoubles(adoption),
    ...markDays(adoption),
    "end if;",
    ...joinTwin(adoption),
    ...generated(adoption),
    ...geometries.map(
      ({ column, value }) => `new.${identifier(column)} := coalesce(${value}, new.${identifier(column)});`,
    ),
    "return new;",
  ];
  return [
    // Whoever writes the table need not see what is private.
    `create function ${called}() returns trigger language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $bridge$`,
    "begin",
    ...body.map((line) => `  ${line}`),
    "end $bridge$;",
    `comment on function ${called}() is 'Lets the system before this one write ${name} too.';`,
    `create trigger adopted before insert or update on ${name} for each row ${when}execute function ${called}();`,
  ].join("\n");
}

function mirrorSql({ ours, theirs, toOurs, toTheirs, isJson }: Mirrored): string {
  const column = (row: string, name: string) => `${row}.${identifier(name)}${isJson ? "::text" : ""}`;
  const changed = (name: string) => `${column("new", name)} is distinct from ${column("old", name)}`;
  const [mine, yours] = [`new.${identifier(ours)}`, `new.${identifier(theirs)}`];
  return [
    `if tg_op = 'INSERT' and ${mine} is not null or tg_op = 'UPDATE' and ${changed(ours)} and not ${changed(theirs)} then`,
    `    ${yours} := coalesce(${toTheirs}, ${yours});`,
    `  elsif tg_op = 'INSERT' or ${mine} is null or ${changed(theirs)} then`,
    `    ${mine} := ${toOurs};`,
    "  end if;",
  ].join("\n");
}

/** Places in a grid are computed by a table of ours; an adopted one would be written anew for that. */
function generated({ ours, old, added }: TableAdoption): string[] {
  return ours.columns
    .filter((column) => column.generated && added.includes(column))
    .map(({ name }) => `new.${name} := ${old.fills[name]};`);
}

/** What is older than the row has stays out, as in live.sql. */
function keepNewest({ old, ours, mirrored }: TableAdoption): string[] {
  const clock = old.newestBy;
  if (!clock) return [];
  const mirror = mirrored.find((column) => column.ours === clock);
  const time = mirror ? mirror.theirs : clock;
  const columns = [
    "fix_at",
    "fix_received_at",
    "lat",
    "lng",
    "speed_kmh",
    "heading_deg",
    "satellites",
    "pos_type",
    "confidence",
    "odometer_km",
  ];
  const all = [...columns.filter((name) => ours.columns.some((column) => column.name === name))].flatMap(
    (name) => [name, ...mirrored.filter((column) => column.ours === name).map(({ theirs }) => theirs)],
  );
  return [
    `if tg_op = 'UPDATE' and ${IS_THEIRS} and new.${identifier(time)} < old.${identifier(time)} then`,
    ...all.map((name) => `  new.${identifier(name)} := old.${identifier(name)};`),
    "end if;",
  ];
}

/** What we have already, under an equal code or with a fence, is not stored again. */
function skipDoubles({ name, ours, old, needsKey }: TableAdoption): string[] {
  if (!needsKey) return [];
  const same = old.twin?.same ?? ours.key.map((column) => `t.${column} = new.${column}`).join(" and ");
  return [
    `  if tg_op = 'INSERT' and exists (select from ${name} t where ${same}) then`,
    "    return null;",
    "  end if;",
  ];
}

/** What they have already, without a part of our key, ours is added to. */
function joinTwin({ name, old }: TableAdoption): string[] {
  if (!old.twin) return [];
  const { same, lacks } = old.twin;
  return [
    `if tg_op = 'INSERT' and new.${lacks} <> '' and not ${IS_THEIRS} and exists (`,
    `  select from ${name} t where ${same} and t.${lacks} = ''`,
    `) then new.${lacks} := ''; end if;`,
  ];
}

function markDays({ old }: TableAdoption): string[] {
  if (!old.span) return [];
  const [from, to] = old.span.map((part) => (/^\w+$/.test(part) ? `new.${part}` : part));
  return [
    `  if current_setting('${FILLING}', true) is distinct from 'on' then`,
    `    perform private.mark_days(new.imei::text, ${from}, coalesce(${to}, ${from}));`,
    "  end if;",
  ];
}

/** SQL of what the triggers share. */
export const MARK_DAYS = `
create function private.mark_days(imei text, from_time timestamptz, to_time timestamptz) returns void
language sql as $mark$
  insert into private.dirty_days as d (imei, day, changed_from, changed_to, mark)
  select mark_days.imei, day::date, from_time, to_time, pg_current_xact_id()
  from tracksolid.fleet, generate_series(
    (from_time at time zone zone)::date::timestamp, to_time at time zone zone, interval '1 day'
  ) as day
  -- A clock that is years off marks no years.
  where from_time > '2015-01-01' and to_time < now() + interval '2 days' and to_time < from_time + interval '40 days'
  order by 2
  on conflict (imei, day) do update set
    changed_from = least(d.changed_from, excluded.changed_from),
    changed_to = greatest(d.changed_to, excluded.changed_to), mark = excluded.mark
$mark$;
comment on function private.mark_days(text, timestamptz, timestamptz) is
  'Marks the days of a vehicle between two instants: what is derived from them is computed again.';
`;
