import type { Reading } from "./agree.ts";
import { columnOf, decimalsOf, keyOf, ofVehicle, type Scope, within } from "./digests.ts";
import { FORMS } from "./forms.ts";
import type { Side, Where } from "./side.ts";
import type { Day } from "./span.ts";

/** A fact as text, with the columns under their names here. */
export interface Row {
  /** Place of its day of a vehicle among those that were asked for, from 1. */
  number: number;
  /** The instant, UTC. */
  at: string;
  /** Equal in equal facts. */
  key: string;
  values: Record<string, string | null>;
}

/** A day of a vehicle, and which of the databases have facts of it. */
export interface VehicleDay extends Record<Where, boolean> {
  imei: string;
  day: Day;
}

/** Facts of one vehicle and instant in both databases. */
export interface Meeting {
  number: number;
  at: string;
  here: Row[];
  there: Row[];
}

/** All facts of some days of vehicles, side by side. */
export async function* meetings(
  [here, there]: [Side, Side],
  readings: { here: Reading; there: Reading },
  days: VehicleDay[],
  scope: Scope,
): AsyncGenerator<Meeting> {
  const ours = readRows(here, readings.here, days, scope);
  const theirs = readRows(there, readings.there, days, scope);
  try {
    let [left, right] = await Promise.all([ours.next(), theirs.next()]);
    while (!left.done || !right.done) {
      const first = earlier(left.value, right.value);
      const meeting: Meeting = { number: first.number, at: first.at, here: [], there: [] };
      while (!left.done && isAt(left.value, first)) {
        meeting.here.push(left.value);
        left = await ours.next();
      }
      while (!right.done && isAt(right.value, first)) {
        meeting.there.push(right.value);
        right = await theirs.next();
      }
      yield meeting;
    }
  } finally {
    // A cursor that is left open would keep its transaction from ending.
    await Promise.allSettled([ours.return(undefined), theirs.return(undefined)]);
  }
}

const isAt = (row: Row, { number, at }: Row) => row.number === number && row.at === at;

function earlier(a: Row | undefined, b: Row | undefined): Row {
  if (!a || !b) return (a ?? b) as Row;
  return a.number < b.number || (a.number === b.number && a.at <= b.at) ? a : b;
}

async function* readRows(
  side: Side,
  reading: Reading,
  days: VehicleDay[],
  scope: Scope,
): AsyncGenerator<Row, undefined> {
  // A name that only the other has may be none that this one's type can hold.
  const list = days.flatMap(({ imei, day: { from, to }, [side.where]: isHere }, at) =>
    isHere ? [{ number: at + 1, imei, from, to }] : [],
  );
  const statement = rowsStatement(reading, decimalsOf(scope));
  for await (const row of side.stream<Omit<Row, "values"> & { values: string }>(statement, [
    JSON.stringify(list),
  ])) {
    yield { ...row, values: JSON.parse(row.values) };
  }
}

/** Ordered as JavaScript orders text. */
function rowsStatement(reading: Reading, decimals: number): string {
  const { table, time, compared, shown, isByVehicle } = reading;
  const values = [...compared, ...shown].map(
    (field) => `'${field.name}', ${FORMS[field.form].shown(columnOf(field), field.type)}`,
  );
  return `
    select r.* from (
      select l.number, f.at, f.key, f.values
      from json_to_recordset($1::text::json) l (number integer, imei text, "from" text, "to" text)
      cross join lateral (
        select ${FORMS.instant.shown(columnOf(time), time.type)} as at, ${keyOf(reading, decimals)} as key,
          json_build_object(${values})::text as values
        from tracksolid.${table} t
        where ${ofVehicle(reading, "l.imei")} and ${within(reading, 'l."from"', 'l."to"')}
        ${isByVehicle ? "offset 0" : ""}
      ) f
    ) r
    order by number, at collate "C", key collate "C"`;
}
