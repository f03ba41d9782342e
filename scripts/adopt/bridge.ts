import { identifier } from "../../shared/quote.ts";
import type { Clock } from "./old-names.ts";
import type { Mirrored, TableAdoption } from "./table.ts";

/** Whether a row is the earlier system's. Not current_user: the functions have their owner's rights. */
const IS_THEIRS = "session_user <> 'ingest_app'";

/** On while rows of long ago are filled: their days are marked at the end, all at once. */
export const FILLING = "tracksolid.filling";

/** A fix further ahead of now is of a clock that is wrong. */
const AHEAD = "now() + interval '10 minutes'";

/** Functions of ours whose callers need not see what is private, and cannot put theirs in the place of another. */
const DEFINER = "language plpgsql security definer set search_path = pg_catalog, pg_temp";

/**
 * SQL of the triggers that let two systems write one table: what either says is there under both names, rows of the earlier
 * system have what ours need, and what they concern is derived again.
 */
export function bridgeSql(adoption: TableAdoption): string {
  return [...fillSql(adoption), ...noteSql(adoption)].join("\n");
}

function fillSql(adoption: TableAdoption): string[] {
  const { name, found, mirrored, geometries } = adoption;
  const called = functionName(name, "adopted");
  const forOurs = [...mirrored, ...geometries, ...generated(adoption), ...joinTwin(adoption)];
  const body = [
    ...mirrored.map(mirrorSql),
    // Our writer says all there is to say.
    `if ${IS_THEIRS} then`,
    ...adoption.fills.map(({ column, value }) => `  new.${identifier(column)} := ${value};`),
    ...(adoption.old.clocks ?? []).flatMap((clock) => keepNewest(adoption, clock)),
    ...skipKnown(adoption),
    "end if;",
    ...joinTwin(adoption),
    ...generated(adoption),
    ...geometries.map(
      ({ column, value }) => `new.${identifier(column)} := coalesce(${value}, new.${identifier(column)});`,
    ),
    "return new;",
  ];
  // After whatever else changes a row before it is stored, by its name. Rows of long ago are filled by it alone.
  const trigger = "zz_adopted";
  return [
    `create function ${called}() returns trigger ${DEFINER} as $bridge$`,
    "begin",
    ...body.map((line) => `  ${line}`),
    "end $bridge$;",
    `comment on function ${called}() is 'Lets the system before this one write ${name} too.';`,
    `create trigger ${trigger} before insert or update on ${name} for each row`,
    // Nothing to do for our own rows, so nothing is done.
    `  ${forOurs.length > 0 ? "" : `when (${IS_THEIRS}) `}execute function ${called}();`,
    // TimescaleDB does not let it be changed where chunks are compressed.
    ...(found.isHypertable ? [] : [`alter table ${name} enable always trigger ${trigger};`]),
  ];
}

/** After the row is stored, so that what was there already is not derived again. */
function noteSql({ name, old, ours }: TableAdoption): string[] {
  if (!old.span) return [];
  const called = functionName(name, "noted");
  const [from, to] = old.span;
  const of = (row: string, part: string) =>
    part.replace(/\b(\w+)\b(?!\()/g, (word) => (isColumn(word) ? `${row}.${word}` : word));
  const isColumn = (word: string) => ours.columns.some((column) => column.name === word);
  const values = (row: string) =>
    `(${ours.columns
      .filter(({ type }) => type !== "json")
      .map((column) => `${row}.${identifier(column.name)}`)
      .join(", ")})`;
  const note = (row: string) => [
    `  insert into private.changed_elsewhere (imei, from_time, to_time)`,
    `  select ${row}.imei, ${of(row, from)}, coalesce(${of(row, to)}, ${of(row, from)}) where ${of(row, from)} is not null;`,
  ];
  return [
    `create function ${called}() returns trigger ${DEFINER} as $bridge$`,
    "begin",
    `  if tg_op = 'UPDATE' and ${values("new")} is not distinct from ${values("old")} then return null; end if;`,
    "  if tg_op <> 'INSERT' then",
    ...note("old"),
    "  end if;",
    "  if tg_op <> 'DELETE' then",
    ...note("new"),
    "  end if;",
    "  return null;",
    "end $bridge$;",
    `comment on function ${called}() is 'Notes what rows of ${name} concern that the system before this one stores.';`,
    `create trigger zz_noted after insert or update or delete on ${name} for each row`,
    `  when (${IS_THEIRS} and current_setting('${FILLING}', true) is distinct from 'on')`,
    `  execute function ${called}();`,
  ];
}

const functionName = (table: string, what: string): string => `private.${what}_${table.split(".")[1]}`;

function mirrorSql({ ours, theirs, toOurs, toTheirs, isJson }: Mirrored): string {
  const column = (row: string, name: string) => `${row}.${identifier(name)}${isJson ? "::text" : ""}`;
  const changed = (name: string) => `${column("new", name)} is distinct from ${column("old", name)}`;
  const [mine, yours] = [`new.${identifier(ours)}`, `new.${identifier(theirs)}`];
  return [
    `if tg_op = 'INSERT' and ${mine} is not null or tg_op = 'UPDATE' and ${changed(ours)} and not ${changed(theirs)} then`,
    `    ${yours} := ${toTheirs};`,
    `  elsif tg_op = 'INSERT' or ${mine} is null or ${changed(theirs)} then`,
    `    ${mine} := ${toOurs};`,
    "  end if;",
  ].join("\n");
}

/** Places in a grid are computed by a table of ours; an adopted one would be written anew for that. */
function generated({ ours, old, added }: TableAdoption): string[] {
  return ours.columns
    .filter((column) => column.generated && added.some(({ name }) => name === column.name))
    .map(({ name }) => `new.${name} := ${old.fills[name]};`);
}

/** What is older than the row has stays out, as in live.sql, and so does what is ahead of us; what was ahead gives way. */
function keepNewest({ ours, added, mirrored }: TableAdoption, { time, columns }: Clock): string[] {
  const present = columns.filter((name) => ours.columns.some((column) => column.name === name));
  const all = present.flatMap((name) => [
    name,
    ...mirrored.filter((column) => column.ours === name).map(({ theirs }) => theirs),
  ]);
  return [
    `  if tg_op = 'UPDATE' and (new.${time} is null and old.${time} is not null`,
    `    or new.${time} > ${AHEAD} or new.${time} < old.${time} and old.${time} <= ${AHEAD}) then`,
    ...all.map((name) => `    new.${identifier(name)} := old.${identifier(name)};`),
    "  end if;",
    // What is theirs, too, stays as they have it.
    `  if new.${time} > ${AHEAD} then`,
    ...present
      .filter((name) => added.some((column) => column.name === name))
      .map((name) => `    new.${identifier(name)} := null;`),
    "  end if;",
  ];
}

/** What we have already under an equal key is not stored again, unless a key of theirs decides what becomes of it. */
function skipKnown({ name, old: { twin, refuses }, found }: TableAdoption): string[] {
  const theirKeys = found.uniques
    .filter((unique) =>
      unique.every((column) => !found.columns.some((other) => other.name === column && other.filled)),
    )
    .map((unique) =>
      unique.map((column) => `o.${identifier(column)} = new.${identifier(column)}`).join(" and "),
    );
  const isKnown = theirKeys.map((same) => ` and not exists (select from ${name} o where ${same})`).join("");
  const skip = (condition: string) => [
    `  if tg_op = 'INSERT' and exists (select from ${name} t where ${condition})${isKnown} then return null; end if;`,
  ];
  return [...(twin ? skip(`${twin.same} and (${twin.alike})`) : []), ...(refuses ? skip(refuses) : [])];
}

/** What they have already, with another word for a part of our key, ours is added to. */
function joinTwin({ name, old: { twin } }: TableAdoption): string[] {
  if (!twin) return [];
  const { same, part, word } = twin;
  return [
    `if tg_op = 'INSERT' and not ${IS_THEIRS} then`,
    `  new.${part} := coalesce((select t.${part} from ${name} t where ${same} and t.${part} = new.${word} limit 1), new.${part});`,
    "end if;",
  ];
}
