import { currency, date, imei, type Kind, number, oneOf, smallText, text, timeOfDay } from "./values.ts";

export interface Column {
  kind: Kind;
  /** Empty is refused. */
  required?: true;
  /** For orientation and as a key, never set from here. */
  told?: true;
  /** What to do instead, where `told` differs. */
  instead?: string;
  /** The value has to be a key of this table. */
  of?: TableName;
}

/** A table of master data as a file: the columns it has, and how rows are read and written. */
export interface Table {
  /** What a row is. */
  noun: string;
  /** Its name in the database, which is locked while it is changed. */
  relation: string;
  /** Together they name a row. */
  keys: string[];
  columns: Record<string, Column>;
  /** Every row, each column as text, in the order of the keys. */
  select: string;
  /** Writes the rows of the JSON list $1. */
  write: string;
  /** Takes the rows of the JSON list $1 away; without, rows stay. */
  remove?: string;
  /** Rows are not made here; this says who makes them. */
  madeBy?: string;
  /** The columns in which the company names who drives. */
  driver?: { name: string; phone: string };
}

/** Litres per 100 km of anything on wheels are fewer; so are a tank's litres, and the kilometres between services. */
const consumption: Column = { kind: number(500, 2) };
const interval: Column = { kind: number(1_000_000, 0) };
const tank: Column = { kind: number(5_000, 1) };

/** Vehicles may be named by their plate too. */
const plate: Column = { kind: text, told: true, instead: "own_plate says what it is" };

const VEHICLES_MADE_BY = "the vendor lists it first, then the job devices brings it";

export const TABLES = {
  vehicles: {
    noun: "vehicle",
    relation: "tracksolid.devices",
    keys: ["imei"],
    columns: {
      imei: { kind: imei, required: true },
      plate,
      kind: { kind: oneOf("vehicle", "canary"), required: true },
      vehicle_type: { kind: text, of: "types" },
      segment: { kind: text },
      city: { kind: text },
      shift: { kind: text, of: "shifts" },
      hidden_on_map: { kind: oneOf("true", "false"), required: true },
      own_plate: { kind: text },
      own_driver_name: { kind: text },
      own_driver_phone: { kind: text },
      own_fuel_l_per_100_km: consumption,
      own_service_interval_km: interval,
      own_tank_l: tank,
    },
    select: `
      select imei, plate, kind, vehicle_type, segment, city, shift, hidden_on_map::text, own_plate, own_driver_name,
        own_driver_phone, own_fuel_l_per_100_km::text, own_service_interval_km::text, own_tank_l::text
      from tracksolid.devices order by imei`,
    write: `
      update tracksolid.devices d set
        kind = r.kind, vehicle_type = r.vehicle_type, segment = r.segment, city = r.city, shift = r.shift,
        hidden_on_map = r.hidden_on_map, own_plate = r.own_plate, own_driver_name = r.own_driver_name,
        own_driver_phone = r.own_driver_phone, own_fuel_l_per_100_km = r.own_fuel_l_per_100_km,
        own_service_interval_km = r.own_service_interval_km, own_tank_l = r.own_tank_l
      from json_populate_recordset(null::tracksolid.devices, $1::text::json) r where d.imei = r.imei`,
    madeBy: VEHICLES_MADE_BY,
    driver: { name: "own_driver_name", phone: "own_driver_phone" },
  },
  drivers: {
    noun: "vehicle",
    relation: "tracksolid.devices",
    keys: ["imei"],
    columns: {
      imei: { kind: imei, required: true },
      plate,
      driver_name: { kind: text },
      driver_phone: { kind: text },
    },
    select: `
      select imei, plate, own_driver_name as driver_name, own_driver_phone as driver_phone
      from tracksolid.devices order by imei`,
    write: `
      update tracksolid.devices d set own_driver_name = r.driver_name, own_driver_phone = r.driver_phone
      from json_to_recordset($1::text::json) as r (imei text, driver_name text, driver_phone text)
      where d.imei = r.imei`,
    madeBy: VEHICLES_MADE_BY,
    driver: { name: "driver_name", phone: "driver_phone" },
  },
  types: {
    noun: "type of vehicle",
    relation: "tracksolid.vehicle_types",
    keys: ["vehicle_type"],
    columns: {
      vehicle_type: { kind: text, required: true },
      fuel_l_per_100_km: consumption,
      service_interval_km: interval,
      tank_l: tank,
    },
    select: `
      select vehicle_type, fuel_l_per_100_km::text, service_interval_km::text, tank_l::text
      from tracksolid.vehicle_types order by vehicle_type`,
    write: `
      insert into tracksolid.vehicle_types
      select * from json_populate_recordset(null::tracksolid.vehicle_types, $1::text::json)
      on conflict (vehicle_type) do update set fuel_l_per_100_km = excluded.fuel_l_per_100_km,
        service_interval_km = excluded.service_interval_km, tank_l = excluded.tank_l`,
    remove: `
      delete from tracksolid.vehicle_types t
      using json_populate_recordset(null::tracksolid.vehicle_types, $1::text::json) r where t.vehicle_type = r.vehicle_type`,
  },
  shifts: {
    noun: "day of a shift",
    relation: "tracksolid.shifts",
    keys: ["shift", "weekday"],
    columns: {
      shift: { kind: text, required: true },
      weekday: { kind: oneOf("1", "2", "3", "4", "5", "6", "7"), required: true },
      starts_at: { kind: timeOfDay, required: true },
      ends_at: { kind: timeOfDay, required: true },
      grace_min: { kind: number(600, 0, "0 or more"), required: true },
    },
    select: `
      select shift, weekday::text, to_char(starts_at, 'HH24:MI') as starts_at, to_char(ends_at, 'HH24:MI') as ends_at,
        round(extract(epoch from grace) / 60)::text as grace_min
      from tracksolid.shifts order by shift, weekday`,
    write: `
      insert into tracksolid.shifts (shift, weekday, starts_at, ends_at, grace)
      select shift, weekday, starts_at, ends_at, make_interval(mins => grace_min)
      from json_to_recordset($1::text::json)
        as r (shift text, weekday smallint, starts_at time, ends_at time, grace_min int)
      on conflict (shift, weekday) do update set
        starts_at = excluded.starts_at, ends_at = excluded.ends_at, grace = excluded.grace`,
    remove: `
      delete from tracksolid.shifts s using json_to_recordset($1::text::json) as r (shift text, weekday smallint)
      where (s.shift, s.weekday) = (r.shift, r.weekday)`,
  },
  prices: {
    noun: "price",
    relation: "tracksolid.fuel_prices",
    keys: ["valid_from"],
    columns: {
      valid_from: { kind: date, required: true },
      price_per_l: { kind: number(9_999_999, 3), required: true },
      currency: { kind: currency, required: true },
    },
    select: `
      select valid_from::text, price_per_l::text, currency from tracksolid.fuel_prices order by valid_from`,
    write: `
      insert into tracksolid.fuel_prices
      select * from json_populate_recordset(null::tracksolid.fuel_prices, $1::text::json)
      on conflict (valid_from) do update set price_per_l = excluded.price_per_l, currency = excluded.currency`,
    remove: `
      delete from tracksolid.fuel_prices p
      using json_populate_recordset(null::tracksolid.fuel_prices, $1::text::json) r where p.valid_from = r.valid_from`,
  },
  services: {
    noun: "service",
    relation: "tracksolid.services",
    keys: ["imei", "serviced_on"],
    columns: {
      imei: { kind: imei, required: true, of: "vehicles" },
      serviced_on: { kind: date, required: true },
      odometer_km: { kind: number(9_999_999, 1, "0 or more") },
    },
    select: `
      select imei, serviced_on::text, odometer_km::text from tracksolid.services order by imei, serviced_on`,
    write: `
      insert into tracksolid.services
      select * from json_populate_recordset(null::tracksolid.services, $1::text::json)
      on conflict (imei, serviced_on) do update set odometer_km = excluded.odometer_km`,
    remove: `
      delete from tracksolid.services s
      using json_populate_recordset(null::tracksolid.services, $1::text::json) r
      where (s.imei, s.serviced_on) = (r.imei, r.serviced_on)`,
  },
  units: {
    noun: "unit of fuel sensors",
    relation: "tracksolid.fuel_units",
    keys: ["code"],
    columns: {
      code: { kind: smallText, required: true },
      unit: { kind: oneOf("percent", "l"), required: true },
    },
    select: "select code, unit from tracksolid.fuel_units order by code",
    write: `
      insert into tracksolid.fuel_units
      select * from json_populate_recordset(null::tracksolid.fuel_units, $1::text::json)
      on conflict (code) do update set unit = excluded.unit`,
    remove: `
      delete from tracksolid.fuel_units u
      using json_populate_recordset(null::tracksolid.fuel_units, $1::text::json) r where u.code = r.code`,
  },
} satisfies Record<string, Table>;

export type TableName = "vehicles" | "drivers" | "types" | "shifts" | "prices" | "services" | "units";

export const isTable = (name: string | undefined): name is TableName =>
  name !== undefined && Object.hasOwn(TABLES, name);

export const tableOf = (name: TableName): Table => TABLES[name];
