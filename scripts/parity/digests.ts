import { CANARY_IMEI } from "../../workers/canary/imei.ts";
import type { Field, Reading } from "./agree.ts";
import { boundOf, FORMS, instantOf, numericOf } from "./forms.ts";
import type { Side } from "./side.ts";
import type { Day } from "./span.ts";

/** A day of a vehicle, in so few bytes that all of a fleet are at hand. */
export interface Digest {
  imei: string;
  /** Place of the day in the list of days. */
  day: number;
  rows: number;
  /** Rows that differ from each other. */
  distinct: number;
  hash: string;
  /** What its columns of amounts add up to, in their order. */
  sums: number[];
}

/** What narrows a comparison, and how exact it is. */
export interface Scope {
  /** None is everybody. */
  imeis: string[];
  toleranceKm: number;
}

/** Decimals of a kilometre that tell what is not within the tolerance: values that agree in them differ by less. */
export const decimalsOf = ({ toleranceKm }: Scope) =>
  toleranceKm === 0 ? 15 : Math.min(15, Math.max(0, Math.ceil(-Math.log10(toleranceKm))));

/** What is added up. */
export const amountsOf = ({ compared }: Reading): Field[] =>
  compared.filter(({ form }) => form === "km" || form === "number");

export const columnOf = ({ column }: Field) => `t."${column}"`;

/**
 * The text in which facts are equal that are equal: the instant, and every column that both databases have; while it lasts the
 * instant alone.
 */
export function keyOf({ time, compared, end }: Reading, decimals: number): string {
  const texts = [time, ...compared].map((field) => {
    const text = `coalesce(${FORMS[field.form].key(columnOf(field), field.type, decimals)}, '')`;
    return end === undefined || field === time
      ? text
      : `case when ${columnOf(end)} is null then '' else ${text} end`;
  });
  return texts.join(" || '|' || ");
}

/** The condition that a fact of `t` is from an instant on, and before another. */
export function within({ time }: Reading, from: string, to: string): string {
  const column = columnOf(time);
  return `${column} >= ${boundOf(`${from}::timestamptz`, time.type)} and ${column} < ${boundOf(`${to}::timestamptz`, time.type)}`;
}

/** The condition that a fact of `t` is of a vehicle, such that an index serves. */
export const ofVehicle = ({ imei }: Reading, text: string) =>
  `${columnOf(imei)} = cast(${text} as ${imei.type})`;

/**
 * Digests of some days, of one database. Facts are hashed one by one and the hashes added, so that their order does not matter and
 * doubles do not cancel out, as they would with bit_xor. The hash is that of hash partitions, the same in all versions of
 * Postgres on machines of one byte order; another is seen at once, as nothing is equal then. Facts are taken for equal that
 * are not with a chance of one in 2^64 a day of a vehicle.
 */
export async function readDigests(
  side: Side,
  reading: Reading,
  vehicles: string[] | null,
  days: Day[],
  scope: Scope,
): Promise<Digest[]> {
  const borders = `{${days.map(({ from }) => from)}}`;
  const parameters = [borders, days[0]?.from ?? null, days.at(-1)?.to ?? null];
  if (vehicles !== null) parameters.push(JSON.stringify(vehicles));
  const rows = await side.rows<Omit<Digest, "sums"> & { sums: string }>(
    digestsStatement(reading, vehicles !== null, decimalsOf(scope)),
    parameters,
  );
  return rows
    .filter(({ imei }) => imei !== CANARY_IMEI)
    .map((row) => ({ ...row, sums: (JSON.parse(row.sums) as unknown[]).map(Number) }));
}

/** Read once: as a cast of a parameter it would be parsed for every fact, which takes longer than all the rest. */
const BORDERS = "(select $1::text::timestamptz[])";

/**
 * Where an index begins with the vehicle each is read along it: no plan may read all of history instead. Elsewhere the server has
 * the choice.
 */
function digestsStatement(reading: Reading, isNarrowed: boolean, decimals: number): string {
  const { table, imei, time, isByVehicle } = reading;
  const sums = amountsOf(reading).map((field) => `sum(${numericOf(columnOf(field), field.type)})`);
  const hash = `hashtextextended((${keyOf(reading, decimals)}) collate "C", 0)`;
  const distinct = reading.isUnique ? "" : "distinct ";
  const figures = `
    width_bucket(${instantOf(columnOf(time), time.type)}, ${BORDERS}) - 1 as day, count(*)::int as rows,
    ${reading.isUnique ? "count(*)" : `count(distinct ${hash})`}::int as distinct, sum(${distinct}${hash})::text as hash,
    json_build_array(${sums})::text as sums`;
  const inSpan = within(reading, "$2::text", "$3::text");
  return isByVehicle
    ? `select v.imei, d.* from json_array_elements_text($4::text::json) v (imei) cross join lateral (
         select ${figures} from tracksolid.${table} t
         where ${ofVehicle(reading, "v.imei")} and ${inSpan} group by 1
       ) d`
    : `select ${columnOf(imei)}::text as imei, ${figures} from tracksolid.${table} t
       where ${columnOf(imei)} is not null and ${inSpan}
         ${isNarrowed ? `and ${columnOf(imei)}::text in (select json_array_elements_text($4::text::json))` : ""}
       group by 1, 2`;
}

/** How many facts of some days are of no vehicle: nobody can say which of the other database they are. */
export async function countWithoutVehicle(side: Side, reading: Reading, days: Day[]): Promise<number> {
  if (!reading.mayLackVehicle) return 0;
  const [row] = await side.rows<{ count: number }>(
    `select count(*)::float8 as count from tracksolid.${reading.table} t
     where ${columnOf(reading.imei)} is null and ${within(reading, "$1::text", "$2::text")}`,
    [days[0]?.from ?? null, days.at(-1)?.to ?? null],
  );
  return row?.count ?? 0;
}

/**
 * Who has facts of a kind, from one entry of the index to the next; null where no index tells and everybody is meant. Facts outlive
 * devices, so these are not the ones to ask.
 */
export async function readVehicles(
  side: Side,
  { table, isByVehicle }: Reading,
  { imeis }: Scope,
): Promise<string[] | null> {
  if (imeis.length > 0) return imeis;
  if (!isByVehicle) return null;
  const rows = await side.rows<{ imei: string }>(`
    with recursive vehicles as (
      (select imei from tracksolid.${table} order by imei limit 1)
      union all
      select (select t.imei from tracksolid.${table} t where t.imei > v.imei order by t.imei limit 1)
      from vehicles v where v.imei is not null
    )
    select imei::text as imei from vehicles where imei is not null`);
  return rows.map(({ imei }) => imei);
}
