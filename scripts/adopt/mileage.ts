import { identifier } from "../../shared/quote.ts";
import type { Found } from "./found.ts";
import type { Line } from "./lines.ts";

const NAME = "tracksolid.v_mileage_daily_cagg";
const BEFORE = "v_mileage_daily_cagg_before";
const DAYS = ["bucket", "day", "date", "mileage_date"];
const DISTANCES = ["distance_km", "total_distance_km", "mileage_km", "total_km", "km"];

/**
 * The aggregate that summed the wrong readings keeps its name and columns, and gets the distance that counts: it becomes a
 * view over itself, by another name, and over the days that are computed here.
 */
export function mileageSql(found: Found): { sql: string; lines: Line[]; replaced: string | null } {
  const there = found.relations.find(({ name }) => name === NAME);
  if (!there || there.kind === "table") return { sql: "", lines: [], replaced: null };
  const has = (names: string[]) => there.columns.find(({ name }) => names.includes(name));
  const [imei, day, distance] = [has(["imei"]), has(DAYS), has(DISTANCES)];
  if (!imei || !day || !distance) {
    const detail = `its columns (${there.columns.map(({ name }) => name).join(", ")}) do not tell vehicle, day and distance: its distance stays as it was`;
    return { sql: "", lines: [{ what: "kept", object: NAME, detail }], replaced: null };
  }
  const isInstant = day.type === "timestamp with time zone";
  const columns = there.columns.map(({ name, type }) =>
    name === distance.name
      ? `coalesce(v.distance_km, b.${identifier(name)})::${type} as ${identifier(name)}`
      : `b.${identifier(name)}`,
  );
  const kind = there.isAggregate || there.kind === "materialized view" ? "materialized view" : "view";
  return {
    replaced: NAME,
    sql: [
      `alter ${kind} ${NAME} rename to ${BEFORE};`,
      `grant select on tracksolid.${BEFORE} to tracksolid_owner;`,
      "set local role tracksolid_owner;",
      `create view ${NAME} as select ${columns.join(", ")}`,
      `from tracksolid.${BEFORE} b cross join tracksolid.fleet f`,
      `left join reporting.vehicle_day v on v.imei = b.imei and v.day = (b.${identifier(day.name)}${isInstant ? " at time zone f.zone" : ""})::date;`,
      `comment on view ${NAME} is 'How far a vehicle drove on a day, as reporting.vehicle_day has it; the other columns are those of ${BEFORE}, which is the aggregate that had this name.';`,
      "reset role;",
      // Who read it goes on.
      ...there.readers.map(
        (reader) => `grant select on ${NAME} to ${reader === "public" ? reader : identifier(reader)};`,
      ),
    ].join("\n"),
    lines: [
      {
        what: "changed",
        object: NAME,
        detail: `${distance.name} comes from reporting.vehicle_day; the aggregate itself is ${BEFORE}`,
      },
    ],
  };
}
