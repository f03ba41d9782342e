import type postgres from "postgres";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Stack, startStack } from "../setup/harness.ts";
import { execute } from "../setup/plans.ts";
import { A_DAY, FIXES_A_DAY, fillHistory } from "../setup/reporting-history.ts";
import { figure, size } from "../setup/size.ts";

const VEHICLES = size(10, 150);
const DAYS = size(3, 90);
const PATIENCE_MS = size(120_000, 3_600_000);

const imeis = Array.from({ length: VEHICLES }, (_, n) => String(861_000_000_000_000 + n));
const to = new Date(Math.floor(Date.now() / 86_400_000) * 86_400_000);
const from = new Date(to.getTime() - DAYS * 86_400_000);
const day = new Date(to.getTime() - 2 * 86_400_000).toISOString().slice(0, 10);
const weekAgo = new Date(to.getTime() - 8 * 86_400_000).toISOString().slice(0, 10);
const [asOf, dayStart, imei] = [`'${to.toISOString()}'`, `'${day}T00:00:00Z'`, `'${imeis[3]}'`];
const oneDay = `${dayStart}, ${dayStart}::timestamptz + interval '1 day'`;

/** What is asked of every view and function of the layer, and how many fixes it may read for that. */
const QUESTIONS: Record<string, [question: string, mostFixes: number]> = {
  v_fleet: ["select zone from reporting.v_fleet", 0],
  coverage_hours: [`select sum(missing_s) from reporting.coverage_hours where hour >= ${dayStart}`, 0],
  vehicle_hour: [`select * from reporting.vehicle_hour where hour >= ${dayStart}`, 0],
  vehicle_day: [
    `select imei, sum(distance_km) from reporting.vehicle_day where day > '${weekAgo}' group by 1`,
    0,
  ],
  driver_day: [`select * from reporting.driver_day where day = '${day}'`, 0],
  alarm_day: [`select * from reporting.alarm_day where day = '${day}'`, 0],
  canary_runs: [`select max(mapped_ms) from reporting.canary_runs where minute >= ${dayStart}`, 0],
  road_tiles: ["select * from reporting.road_tiles where level = 12 and x = 2466 and y = 2062", 0],
  day_versions: [`select * from reporting.day_versions where imei = ${imei} and day = '${day}'`, 0],
  fn_revision: [`select reporting.fn_revision('${weekAgo}', '${day}')`, 0],
  fn_matching_vehicles: [`select * from reporting.fn_matching_vehicles('{"plate": ["KDA-4"]}')`, 0],
  fn_fleet_days: [
    `select imei, sum(distance_km) from reporting.fn_fleet_days('${weekAgo}', '${day}', '{}', null) group by 1`,
    0,
  ],
  v_vehicles: ["select * from reporting.v_vehicles", 0],
  v_utilisation_daily: [`select * from reporting.v_utilisation_daily where day = '${day}'`, 0],
  v_fleet_km_daily: [`select * from reporting.v_fleet_km_daily where day > '${weekAgo}'`, 0],
  v_driver_aggregates_daily: [
    `select * from reporting.v_driver_aggregates_daily where day > '${weekAgo}'`,
    0,
  ],
  v_driver_clock_daily: [`select * from reporting.v_driver_clock_daily where day = '${day}'`, 0],
  fn_shift: [`select * from reporting.fn_shift(${imei}, 'Driver 4', '${day}', ${dayStart}, ${asOf})`, 0],
  v_alarms_daily: [`select * from reporting.v_alarms_daily where day > '${weekAgo}'`, 0],
  v_fuel_daily: [`select * from reporting.v_fuel_daily where day > '${weekAgo}'`, 0],
  v_trips: [`select * from reporting.v_trips where imei = ${imei} and start_time >= ${dayStart}`, 0],
  v_ingest_health: ["select * from reporting.v_ingest_health", 0],
  v_job_health: ["select * from reporting.v_job_health", 0],
  newest_version: ["select * from reporting.newest_version", 0],
  fn_iso: [`select reporting.fn_iso(${dayStart})`, 0],
  fn_json_word: [`select reporting.fn_json_word('["a"]')`, 0],
  fn_place_word: ["select reporting.fn_place_word('a', 'b')", 0],
  fn_url_word: ["select reporting.fn_url_word('a b')", 0],
  fn_duration_words: ["select reporting.fn_duration_words(90)", 0],
  fn_chosen_vehicles: [`select * from reporting.fn_chosen_vehicles('{}', '["Driver 4"]', true)`, 0],
  insights: [`select * from reporting.insights where day = '${day}'`, 0],
  insight_days: [`select * from reporting.insight_days where day = '${day}'`, 0],
  insight_kinds: ["select * from reporting.insight_kinds", 0],
  insight_remarks: [`select * from reporting.insight_remarks where insight_id = '${day}-idling-x'`, 0],
  v_insight_verdicts: [`select * from reporting.v_insight_verdicts where day = '${day}'`, 0],
  fn_trips_for_map: [`select * from reporting.fn_trips_for_map(${oneDay})`, 0],
  fn_live_positions: [
    `select * from reporting.fn_live_positions(${asOf}, interval '24 hours', interval '10 minutes')`,
    0,
  ],
  fn_driver_at: [`select * from reporting.fn_driver_at(${imei}, ${asOf})`, 0],
  fn_fleet_today: [`select * from reporting.fn_fleet_today(${asOf})`, 0],
  fn_vehicles_not_moved: [`select * from reporting.fn_vehicles_not_moved('${day}')`, 0],
  fn_currently_idle: [`select * from reporting.fn_currently_idle(${asOf})`, VEHICLES * FIXES_A_DAY],
  fuel_events: [`select * from reporting.fuel_events where at >= ${dayStart}`, 0],
  v_fuel_events: [`select * from reporting.v_fuel_events where at >= ${dayStart}`, 0],
  fn_fuel_levels: [`select * from reporting.fn_fuel_levels(${imei}, ${oneDay})`, 0],
  fn_fuel_unit: [`select reporting.fn_fuel_unit(${imei}, 'sensor', '', ${dayStart})`, 0],
  fn_service_due: [`select * from reporting.fn_service_due(${asOf})`, 0],
  fn_last_run: [`select * from reporting.fn_last_run('live', true, ${asOf})`, 0],
  fn_ingest_health: [`select * from reporting.fn_ingest_health(${asOf})`, 0],
  fn_timescale_jobs: [`select * from reporting.fn_timescale_jobs(${asOf})`, 0],
  fn_driver_clock_today: [`select * from reporting.fn_driver_clock_today(${asOf})`, 0],
  v_geofences: ["select * from reporting.v_geofences", 0],
  v_geofence_visits: [`select * from reporting.v_geofence_visits where imei = ${imei}`, 0],
  v_geofence_visits_daily: [`select * from reporting.v_geofence_visits_daily where day = '${day}'`, 0],
  fn_inside_geofences: [`select * from reporting.fn_inside_geofences(${asOf})`, 0],
  v_tickets: [`select * from reporting.v_tickets where opened_at >= ${dayStart}`, 0],
  v_fuel_fills: [`select * from reporting.v_fuel_fills where filled_at >= ${dayStart}`, 0],
  v_ticket_visits: [`select * from reporting.v_ticket_visits where number = 'INC${imeis[3]}2'`, FIXES_A_DAY],
  fn_ticket_visits: [
    `select * from reporting.fn_ticket_visits(${dayStart}, ${dayStart}::timestamptz + interval '12 hours', ${asOf})`,
    VEHICLES * FIXES_A_DAY,
  ],
  fn_ticket_vehicles: [`select * from reporting.fn_ticket_vehicles(${imei}, null, ${dayStart}, ${asOf})`, 0],
  fn_visit: [
    `select * from reporting.fn_visit(${imei}, -1.3, 37, ${oneDay}, ${asOf}, 150, 1000, 600)`,
    FIXES_A_DAY + 10,
  ],
  fn_active_dispatch_map: [`select * from reporting.fn_active_dispatch_map(${asOf})`, 0],
  fn_vehicle_track: [`select * from reporting.fn_vehicle_track(${imei}, ${oneDay}, 10)`, FIXES_A_DAY + 10],
  fn_vehicle_steps: [
    `select * from reporting.fn_vehicle_steps(${imei}, ${oneDay}, interval '10 minutes', 3)`,
    FIXES_A_DAY + 10,
  ],
};

/** Tables that grow with time, and their chunks. */
const FACTS = /position_history|_hyper_|trips|alarms|parking|readings|heartbeats/;

let stack: Stack;
let sql: postgres.Sql;

/** Lets the job run until nothing is left of these vehicles. @returns how long that took, s */
async function computed(): Promise<number> {
  const startedAt = performance.now();
  for (;;) {
    await stack.tick("* * * * *");
    const [left] = await sql`
      select (select count(*) from private.dirty_days where imei = any(${imeis}))
        + (select count(*) from private.dirty_geofences) as days`;
    if (Number(left?.days) === 0) return (performance.now() - startedAt) / 1_000;
  }
}

beforeAll(async () => {
  stack = await startStack({ world: { vehicles: 1, seed: 96 } });
  sql = stack.sql;
  const rowsPerS = await fillHistory(sql, { imeis, from, to });
  figure("insert of history", `${Math.round(rowsPerS)} fixes/s, ${VEHICLES * DAYS * FIXES_A_DAY} in all`);
}, PATIENCE_MS);
afterAll(async () => {
  await stack?.[Symbol.asyncDispose]();
});

const sumsOf = () => sql`
  select count(distinct imei)::int as vehicles, sum(trips)::int as trips, sum(moving_s)::int as moving_s,
    sum(distance_km) as km, min(distance_source) as source
  from reporting.vehicle_day where imei = any(${imeis})`;

describe("with a history of months", { timeout: PATIENCE_MS }, () => {
  it("computes every day, which adds up to what was driven", async () => {
    const seconds = await computed();
    figure("everything computed", `${VEHICLES * DAYS} days of vehicles in ${seconds.toFixed(1)} s`);
    const [sums] = await sumsOf();
    const days = VEHICLES * DAYS;
    expect(sums).toEqual({
      ...{ vehicles: VEHICLES, trips: days * A_DAY.trips, moving_s: days * A_DAY.movingS },
      ...{ km: expect.any(Number), source: "odometer" },
    });
    // Hours are kept to the metre.
    expect((sums?.km ?? 0) / (days * A_DAY.km)).toBeCloseTo(1, 4);
  });

  it("computes a day of a vehicle, and of the fleet, again", async () => {
    for (const vehicles of [1, VEHICLES]) {
      await sql`
        insert into private.dirty_days (imei, day, changed_from, changed_to, mark)
        select imei, ${day}::date, ${day}::date, ${day}::date + interval '23 hours', '1'
        from unnest(${imeis.slice(0, vehicles)}::text[]) imei`;
      figure(`a day of ${vehicles} vehicles`, `${(await computed()).toFixed(2)} s`);
    }
  });

  it("computes all of it again where a run was killed in the middle", async () => {
    const before = await sumsOf();
    await sql`update reporting.vehicle_day set moving_s = 0 where imei = any(${imeis})`;
    await sql`delete from reporting.vehicle_hour where imei = any(${imeis})`;
    await sql`
      insert into private.dirty_days (imei, day, changed_from, changed_to, mark)
      select imei, day, day::timestamp at time zone zone, (day + 1)::timestamp at time zone zone - interval '1 s', '1'
      from reporting.vehicle_day, tracksolid.fleet where imei = any(${imeis})`;
    // It waits for this, with half of its statements carried out.
    const [outcome] = await sql.begin(async (tx) => {
      await tx`lock table reporting.vehicle_day in exclusive mode`;
      const killed = expect.poll(
        () => sql`
          select pg_terminate_backend(pid) from pg_stat_activity a
          where datname = current_database() and usename = 'ingest_app' and exists (
            select from pg_locks l
            where l.pid = a.pid and not l.granted and l.relation = 'reporting.vehicle_day'::regclass
          )`,
        { timeout: 20_000 },
      );
      return Promise.all([stack.tick("* * * * *"), killed.not.toHaveLength(0)]);
    });
    expect(outcome).toBe("exception");
    const [left] = await sql`select count(*)::int as days from private.dirty_days where imei = any(${imeis})`;
    expect(left?.days).toBeGreaterThan(0);
    await computed();
    expect(await sumsOf()).toEqual(before);
  });

  it("has a question here for everything in the layer", async () => {
    const all = await sql`
      select c.relname as name from pg_class c where c.relnamespace = 'reporting'::regnamespace and c.relkind in ('r', 'v')
      union select proname from pg_proc where pronamespace = 'reporting'::regnamespace
      -- What reads a cursor reads nothing of its own.
      except select 'fn_read_cursor'`;
    expect(Object.keys(QUESTIONS).sort()).toEqual(all.map(({ name }) => name).sort());
  });

  it.each(Object.entries(QUESTIONS))(
    "answers %s without reading what it does not need",
    async (name, [question, most]) => {
      const runs = [];
      for (let run = 0; run < size(1, 5); run++) runs.push(await execute(stack.adminUrl, question));
      const [first] = runs;
      const read = first?.rowsRead("position_history") ?? Number.NaN;
      const p50 = runs.map(({ ms }) => ms).sort((a, b) => a - b)[Math.floor(runs.length / 2)] ?? Number.NaN;
      figure(name, `p50 ${p50.toFixed(1)} ms, ${read} fixes read`);
      expect(read).toBeLessThanOrEqual(most);
      // Of a table of some hundred rows that is the way to read it.
      const scanned = [...(first?.scanned ?? [])].filter(([, rows]) => rows > 1_000).map(([table]) => table);
      expect(scanned.filter((table) => FACTS.test(table))).toEqual([]);
    },
  );
});
