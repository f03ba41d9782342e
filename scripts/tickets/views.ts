import { identifier, literal } from "../../shared/quote.ts";
import type { Source, Survey } from "./catalog.ts";
import type { FillSource, Mapping, TicketSource } from "./mapping.ts";
import { type ColumnType, FILL_COLUMNS, TICKET_COLUMNS } from "./view-columns.ts";

/** A definition that replaces one of our views, whose columns, types and comments stay. */
export interface ViewDefinition {
  view: "reporting.v_tickets" | "reporting.v_fuel_fills";
  statement: string;
}

/** The views of a mapping that was found sound. */
export function viewsOf({ tickets, fuelFills }: Mapping, survey: Survey): ViewDefinition[] {
  const views: ViewDefinition[] = [];
  if (tickets) {
    const empty = emptyOf({ ...TICKET_COLUMNS, is_open: "boolean" });
    const branches = [empty, ...tickets.map((source) => ticketsOf(source, survey))];
    views.push({
      view: "reporting.v_tickets",
      statement: `create or replace view reporting.v_tickets as\n${branches.join("\nunion all\n")}`,
    });
  }
  if (fuelFills) {
    const branches = [emptyOf(FILL_COLUMNS), ...fuelFills.map((source) => fillsOf(source, survey))];
    views.push({
      view: "reporting.v_fuel_fills",
      statement: `create or replace view reporting.v_fuel_fills as
select * from (\n${branches.join("\nunion all\n")}\n) f
where not exists (select from tracksolid.devices d where d.imei = f.imei and d.kind <> 'vehicle')`,
    });
  }
  return views;
}

/** The first branch has no rows: it gives the columns their names and types, wherever the others read from. */
const emptyOf = (columns: Record<string, string>) =>
  `select ${Object.entries(columns)
    .map(([name, type]) => `null::${type} as ${name}`)
    .join(", ")}\nwhere false`;

function ticketsOf(source: TicketSource, survey: Survey): string {
  const { kind, openStates } = source;
  const open = openStates
    ? `lower(t.state) = any (array[${openStates.map((state) => literal(state.trim().toLowerCase())).join(", ")}])`
    : `t.resolved_at is null
    and lower(t.state) <> all ((select r.closed_states from tracksolid.ticket_rules r)::text[])`;
  const names = Object.keys(TICKET_COLUMNS).filter((name) => name !== "kind");
  // A place beyond the earth, or at its navel, is none. What was opened again is not resolved.
  const place = "t.lat between -90 and 90 and t.lng between -180 and 180 and (t.lat <> 0 or t.lng <> 0)";
  const listed = names.map((name) => {
    if (name === "lat" || name === "lng") return `case when ${place} then t.${name} end`;
    return name === "resolved_at" ? "case when not o.is_open then t.resolved_at end" : `t.${name}`;
  });
  return `select ${literal(kind)}, ${listed.join(", ")}, o.is_open
from (
  ${readOf(source, names, TICKET_COLUMNS, survey)}
) t
cross join lateral (select coalesce(${open}, t.resolved_at is null) as is_open) o
where t.number is not null`;
}

const fillsOf = (source: FillSource, survey: Survey) =>
  `select t.*
from (
  ${readOf(source, Object.keys(FILL_COLUMNS), FILL_COLUMNS, survey)}
) t
where t.imei is not null and t.filled_at is not null`;

function readOf(source: Source, names: string[], types: Record<string, ColumnType>, survey: Survey): string {
  const columns: Record<string, string | { constant: string | number } | undefined> = source.columns;
  const listed = names.map((name) => {
    const type = types[name] ?? "text";
    const column = columns[name];
    if (column === undefined) return `null::${type} as ${name}`;
    if (typeof column === "object") return `${literal(String(column.constant))}::${type} as ${name}`;
    return `${converted(`s.${identifier(column)}`, type, survey.typeOf(source, column), source.zone)} as ${name}`;
  });
  const { table, only } = source;
  const filter = only
    ? `\n  where s.${identifier(only.column)}::text in (${only.values.map(literal).join(", ")})`
    : "";
  return `select ${listed.join(",\n    ")}\n  from ${identifier(table.schema)}.${identifier(table.name)} s${filter}`;
}

function converted(column: string, type: ColumnType, found: string, zone: string | undefined): string {
  switch (type) {
    case "text":
      // A column may have a collation of its own, a view may not change its.
      return `nullif(btrim(${column}::text collate "default"), '')`;
    case "timestamptz":
      return found === "timestamp with time zone"
        ? column
        : `${column}::timestamp at time zone ${literal(zone ?? "UTC")}`;
    case "double precision":
    case "numeric":
      return `${column}::${type}`;
  }
}
