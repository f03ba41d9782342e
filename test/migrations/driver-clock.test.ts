import type postgres from "postgres";
import { beforeAll, expect, it } from "vitest";
import { createDatabase } from "../setup/database.ts";

let sql: postgres.Sql;

beforeAll(async () => {
  const database = await createDatabase("migrated");
  sql = database.sql;
  await sql`insert into tracksolid.shifts select 'day', d, '08:00', '17:00' from generate_series(1, 7) d`;
  await sql`insert into tracksolid.shifts select 'night', d, '22:00', '06:00' from generate_series(1, 7) d`;
  return () => database[Symbol.asyncDispose]();
});

/** A time of day in Nairobi, on the first of October; from 24:00 on it is the next day. */
const at = (time: string) => {
  const [hours = 0, minutes = 0] = time.split(":").map(Number);
  return new Date(Date.UTC(2026, 9, 1, hours - 3, minutes));
};

let vehicles = 0;

interface Story {
  shift: string;
  /** Since when whom has it, the first since long ago. */
  drivers: [from: string | null, name: string][];
  /** Moves, each within an hour, and who made them. */
  moves: [from: string, to: string, driver: string][];
}

/** Stores what the roll-ups of the day would be. */
async function vehicle({ shift, drivers, moves }: Story): Promise<string> {
  const imei = String(860_000_000_000_000 + ++vehicles);
  await sql`
    insert into tracksolid.devices (imei, device_name, shift, facts_at, created_at, changed_at)
    values (${imei}, ${imei}, ${shift}, now(), now(), now())`;
  await sql`
    insert into tracksolid.live_positions (imei, contact_at, changed_at) values (${imei}, ${at("23:59")}, now())`;
  for (const [from, name] of drivers) {
    await sql`
      insert into tracksolid.driver_assignments (imei, valid_from, driver_name, source)
      values (${imei}, ${from === null ? "2026-01-01" : at(from)}, ${name}, 'own')`;
  }
  for (const [from, to] of moves) {
    await sql`
      insert into reporting.vehicle_hour (imei, hour, moving_s, idling_s, parked_s, gps_km, odometer_breaks, fixes,
        first_moving_at, last_moving_at)
      values (${imei}, date_trunc('hour', ${at(from)}::timestamptz), 60, 0, 0, 1, 0, 2, ${at(from)}, ${at(to)})`;
  }
  for (const name of new Set(drivers.map(([, name]) => name))) {
    const own = moves.filter(([from, , driver]) => driver === name && at(from) < at("24:00"));
    const last = own.at(-1)?.[1];
    await sql`
      insert into reporting.driver_day (imei, day, driver_name, moving_s, idling_s, parked_s, trips, alarms, speeding_events,
        harsh_events, first_moving_at, last_moving_at)
      values (${imei}, '2026-10-01', ${name}, 0, 0, 0, 0, 0, 0, 0, ${own[0] ? at(own[0][0]) : null},
        ${last === undefined ? null : at(last)})`;
  }
  return imei;
}

const daily = (imei: string) => sql`
  select driver_name, began_at, late_s, is_late from reporting.v_driver_clock_daily where imei = ${imei} order by 1`;

const today = (imei: string, asOf: string) => sql`
  select driver_name, status, late_s from reporting.fn_driver_clock_today(${at(asOf)}) where imei = ${imei} order by 1`;

it("is told by the first move of the shift, not by an errand at dawn", async () => {
  const imei = await vehicle({
    shift: "day",
    drivers: [[null, "Juma"]],
    moves: [
      ["00:10", "00:20", "Juma"],
      ["11:00", "11:40", "Juma"],
    ],
  });
  const late_s = 3 * 3_600;
  expect(await daily(imei)).toEqual([{ driver_name: "Juma", began_at: at("11:00"), late_s, is_late: true }]);
  expect(await today(imei, "12:00")).toEqual([{ driver_name: "Juma", status: "late", late_s }]);
});

it("takes who is under way two hours before the shift for in time", async () => {
  const imei = await vehicle({
    shift: "day",
    drivers: [[null, "Juma"]],
    moves: [
      ["05:50", "06:00", "Juma"],
      ["06:00", "06:30", "Juma"],
      ["09:00", "09:10", "Juma"],
    ],
  });
  expect(await daily(imei)).toMatchObject([{ began_at: at("06:00"), late_s: 0, is_late: false }]);
  expect(await today(imei, "12:00")).toEqual([{ driver_name: "Juma", status: "on_time", late_s: 0 }]);
});

it("does not take the end of a night for the beginning of the next", async () => {
  const imei = await vehicle({
    shift: "night",
    drivers: [[null, "Juma"]],
    moves: [
      ["00:00", "00:50", "Juma"],
      ["23:30", "23:59", "Juma"],
    ],
  });
  expect(await daily(imei)).toMatchObject([{ began_at: at("23:30"), late_s: 5_400, is_late: true }]);
});

it("has who took the vehicle over due then, and misses nobody who gave it away", async () => {
  const imei = await vehicle({
    shift: "day",
    drivers: [
      [null, "Juma"],
      ["09:00", "Wanjiku"],
    ],
    moves: [["09:05", "09:40", "Wanjiku"]],
  });
  expect(await daily(imei)).toEqual([
    { driver_name: "Juma", began_at: null, late_s: null, is_late: null },
    { driver_name: "Wanjiku", began_at: at("09:05"), late_s: 300, is_late: false },
  ]);
  expect(await today(imei, "15:00")).toEqual([{ driver_name: "Wanjiku", status: "on_time", late_s: 300 }]);
});

it("has who has the vehicle twice due from the first time on, and believes nobody else's moves", async () => {
  const imei = await vehicle({
    shift: "day",
    drivers: [
      [null, "Juma"],
      ["10:00", "Wanjiku"],
      ["14:00", "Juma"],
    ],
    moves: [
      ["09:30", "09:50", "Juma"],
      ["12:00", "12:40", "Wanjiku"],
      ["14:10", "14:30", "Juma"],
    ],
  });
  expect(await daily(imei)).toEqual([
    { driver_name: "Juma", began_at: at("09:30"), late_s: 5_400, is_late: true },
    { driver_name: "Wanjiku", began_at: at("12:00"), late_s: 7_200, is_late: true },
  ]);
});

it("has nobody due who took the vehicle over after the shift, and says who is missing", async () => {
  const evening = await vehicle({
    shift: "day",
    drivers: [
      [null, "Juma"],
      ["19:00", "Wanjiku"],
    ],
    moves: [["19:10", "19:20", "Wanjiku"]],
  });
  expect(await today(evening, "20:00")).toEqual([{ driver_name: "Wanjiku", status: "free", late_s: null }]);
  const absent = await vehicle({ shift: "day", drivers: [[null, "Juma"]], moves: [] });
  expect(await today(absent, "08:10")).toEqual([{ driver_name: "Juma", status: "awaited", late_s: null }]);
  expect(await today(absent, "09:00")).toEqual([{ driver_name: "Juma", status: "missing", late_s: 3_600 }]);
});
