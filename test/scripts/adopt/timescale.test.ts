import { expect, it } from "vitest";
import { adoptCommand } from "../../../scripts/db-adopt.ts";
import { callCommand } from "../../setup/command.ts";
import { createDatabase } from "../../setup/database.ts";
import { oldDatabase } from "../../setup/earlier/database.ts";
import { shapeOf } from "./shape.ts";

const IMEI = "860000000000011";

/** What the licence allows, and what it does not. */
const AGGREGATE = `
  create materialized view tracksolid.v_mileage_daily_cagg with (timescaledb.continuous) as
  select imei, time_bucket('1 day', gps_time) as bucket, sum(speed) as distance_km, max(speed) as max_speed
  from tracksolid.position_history group by 1, 2 with no data;
  select add_continuous_aggregate_policy('tracksolid.v_mileage_daily_cagg', null, interval '1 hour', interval '1 day');
  grant select on tracksolid.v_mileage_daily_cagg to grafana_ro;`;
const COMPRESSED = `
  alter table tracksolid.position_history set (timescaledb.compress, timescaledb.compress_segmentby = 'imei', timescaledb.compress_orderby = 'gps_time');
  select compress_chunk(c) from (select show_chunks('tracksolid.position_history') as c order by 1 limit 20) chunks;`;

const adopt = (url: string) => callCommand(adoptCommand, ["--apply"], { DATABASE_URL: url });

it.skipIf(!process.env.TIMESCALE_URL)(
  "adopts hypertables with their chunks, also compressed ones, and the aggregate",
  async () => {
    await using database = await oldDatabase();
    const { sql } = database;
    const [setting] = await sql`select current_setting('timescaledb.license') as licence`;
    const licensed = setting?.licence === "timescale";
    if (licensed) {
      await sql.unsafe(AGGREGATE).simple();
      await sql.unsafe("call refresh_continuous_aggregate('tracksolid.v_mileage_daily_cagg', null, null)");
      await sql.unsafe(COMPRESSED).simple();
    }
    const [before] =
      await sql`select count(*)::int as fixes, sum(speed)::float8 as speed from tracksolid.position_history`;

    const { code, stderr, stdout } = await adopt(database.url);
    expect(stderr, stdout).toBe("");
    expect(code).toBe(0);

    const owners = await sql`
    select distinct pg_get_userbyid(c.relowner) as owner from pg_class c
    where c.oid = 'tracksolid.position_history'::regclass or c.oid in (select show_chunks('tracksolid.position_history'))`;
    expect(owners).toEqual([{ owner: "tracksolid_owner" }]);
    const [chunks] = await sql`
    select count(*)::int as count, count(*) filter (where is_compressed)::int as compressed
    from timescaledb_information.chunks where hypertable_name = 'position_history'`;
    expect(chunks).toEqual({ count: 32, compressed: licensed ? 20 : 0 });
    const [after] = await sql`
    select count(*)::int as fixes, sum(speed)::float8 as speed, count(*) filter (where speed_kmh is distinct from speed::real or sources <> case source when 'poll' then 1 else 4 end)::int as wrong
    from tracksolid.position_history`;
    expect(after).toEqual({ ...before, wrong: 0 });
    await using ours = await createDatabase("migrated");
    const [wanted, there] = await Promise.all([shapeOf(ours.sql), shapeOf(sql)]);
    expect(wanted.filter((thing) => !there.includes(thing))).toEqual([]);

    if (!licensed) return;
    // The name answers with its columns, the distance that counts, and the rest as it was.
    // Whatever else a day has to have is 0.
    await sql`
      insert into reporting.vehicle_day
      select (json_populate_record(null::reporting.vehicle_day, json_object_agg(attname, case attname
        when 'imei' then ${IMEI} when 'day' then '2026-07-10' when 'distance_km' then '123.4' else '0' end))).*
      from pg_attribute
      where attrelid = 'reporting.vehicle_day'::regclass and attnum > 0 and (attnotnull or attname = 'distance_km')`;
    const [day] = await sql`
    select m.distance_km::float8 as km, m.max_speed::float8 as max_speed,
      (select distance_km > 1000 from tracksolid.v_mileage_daily_cagg_before b where b.imei = m.imei and b.bucket = m.bucket) as was_wrong
    from tracksolid.v_mileage_daily_cagg m where m.imei = ${IMEI} and m.bucket = '2026-07-10'`;
    expect(day).toEqual({ km: 123.4, max_speed: 42.5, was_wrong: true });
    expect(
      await sql`select has_table_privilege('grafana_ro', 'tracksolid.v_mileage_daily_cagg', 'select') as may`,
    ).toEqual([{ may: true }]);
    const [job] = await sql`
    select pg_get_userbyid(c.relowner) as owner from pg_class c where c.oid = 'tracksolid.v_mileage_daily_cagg_before'::regclass`;
    expect(job).toEqual({ owner: "tracksolid_owner" });
    await sql`set role tracksolid_owner`;
    await sql.unsafe(
      "call refresh_continuous_aggregate('tracksolid.v_mileage_daily_cagg_before', null, null)",
    );
  },
);
