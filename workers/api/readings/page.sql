-- A page of readings of the kind $1 in [$2, $3), newest first, as one JSON text. $4 vehicles (filter of reporting.fn_chosen_vehicles), $5
-- drivers (JSON list, null: any). $6 the last of the page before (JSON: at, imei, hash; {} for the first), $7 how many. $8 most vehicles:
-- of more nothing is read, and only their number is told.
-- No index of these tables leads by time, since each would be written with every reading: each vehicle's newest are read by its key.
-- A page of 100 of 3.3 million heartbeats of 150 vehicles: 15,092 rows, 14 ms; of one vehicle 101, 4 ms; of 1,000: 150 ms.
with vehicle as materialized (
  select * from reporting.fn_chosen_vehicles($4::text::json, $5::text::json, false) limit $8::int + 1
), bound as materialized (
  select coalesce(a."at", $3::text::timestamptz) as at, coalesce(a."imei", '') as imei, coalesce(a."hash", '') as hash,
    (select count(*) from vehicle) as vehicles
  from json_to_record($6::text::json) as a ("at" timestamptz, "imei" text, "hash" text)
), page as materialized (
  (
    select k.reading_time as at, k.imei, k.hash, json_build_object('undated', k.undated, 'engineRpm', k.engine_rpm, 'speedKmh', k.speed_kmh, 'fuelLevel', k.fuel_level, 'coolantC', k.coolant_c, 'batteryVoltageV', k.battery_voltage_v, 'odometer', k.odometer, 'vin', k.vin, 'source', k.source) as facts
    from (
      select k.* from vehicle v cross join lateral (
        select * from tracksolid.obd_readings k
        where k.imei = v.imei and k.reading_time >= $2::text::timestamptz and k.reading_time <= (select at from bound)
          and (k.reading_time < (select at from bound) or (k.imei, k.hash) < (select imei, hash from bound))
          and ($5::text is null or exists (
            select from reporting.fn_driver_at(k.imei, k.reading_time) where driver_name in (select json_array_elements_text($5::text::json))
          ))
        order by k.reading_time desc, k.hash desc
        limit $7::int + 1
      ) k
      where $1 = 'obd' and (select vehicles <= $8::int from bound)
      order by k.reading_time desc, k.imei desc, k.hash desc
      limit $7::int + 1
    ) k
  )
  union all
  (
    select k.reading_time as at, k.imei, k.hash, json_build_object('undated', k.undated, 'value', k.value, 'unit', k.unit, 'sensor', k.sensor) as facts
    from (
      select k.* from vehicle v cross join lateral (
        select * from tracksolid.fuel_readings k
        where k.imei = v.imei and k.reading_time >= $2::text::timestamptz and k.reading_time <= (select at from bound)
          and (k.reading_time < (select at from bound) or (k.imei, k.hash) < (select imei, hash from bound))
          and ($5::text is null or exists (
            select from reporting.fn_driver_at(k.imei, k.reading_time) where driver_name in (select json_array_elements_text($5::text::json))
          ))
        order by k.reading_time desc, k.hash desc
        limit $7::int + 1
      ) k
      where $1 = 'fuel' and (select vehicles <= $8::int from bound)
      order by k.reading_time desc, k.imei desc, k.hash desc
      limit $7::int + 1
    ) k
  )
  union all
  (
    select k.reading_time as at, k.imei, k.hash, json_build_object('undated', k.undated, 'temperatureC', k.temperature_c, 'humidityPercent', k.humidity_percent, 'sensor', k.sensor) as facts
    from (
      select k.* from vehicle v cross join lateral (
        select * from tracksolid.temperature_readings k
        where k.imei = v.imei and k.reading_time >= $2::text::timestamptz and k.reading_time <= (select at from bound)
          and (k.reading_time < (select at from bound) or (k.imei, k.hash) < (select imei, hash from bound))
          and ($5::text is null or exists (
            select from reporting.fn_driver_at(k.imei, k.reading_time) where driver_name in (select json_array_elements_text($5::text::json))
          ))
        order by k.reading_time desc, k.hash desc
        limit $7::int + 1
      ) k
      where $1 = 'temperature' and (select vehicles <= $8::int from bound)
      order by k.reading_time desc, k.imei desc, k.hash desc
      limit $7::int + 1
    ) k
  )
  union all
  (
    select k.reading_time as at, k.imei, k.hash, json_build_object('postType', k.post_type, 'mcc', k.mcc, 'mnc', k.mnc, 'cells', k.cells) as facts
    from (
      select k.* from vehicle v cross join lateral (
        select * from tracksolid.lbs_readings k
        where k.imei = v.imei and k.reading_time >= $2::text::timestamptz and k.reading_time <= (select at from bound)
          and (k.reading_time < (select at from bound) or (k.imei, k.hash) < (select imei, hash from bound))
          and ($5::text is null or exists (
            select from reporting.fn_driver_at(k.imei, k.reading_time) where driver_name in (select json_array_elements_text($5::text::json))
          ))
        order by k.reading_time desc, k.hash desc
        limit $7::int + 1
      ) k
      where $1 = 'lbs' and (select vehicles <= $8::int from bound)
      order by k.reading_time desc, k.imei desc, k.hash desc
      limit $7::int + 1
    ) k
  )
  union all
  (
    select k.gate_time as at, k.imei, k.hash, json_build_object('batteryPercent', k.battery_percent, 'gsmPercent', k.gsm_percent, 'ignition', k.ignition, 'relayCut', k.relay_cut, 'hasFix', k.has_fix, 'remoteLock', k.remote_lock, 'charging', k.charging, 'armed', k.armed, 'temperatureC', k.temperature_c, 'voltageV', k.voltage_v) as facts
    from (
      select k.* from vehicle v cross join lateral (
        select * from tracksolid.heartbeats k
        where k.imei = v.imei and k.gate_time >= $2::text::timestamptz and k.gate_time <= (select at from bound)
          and (k.gate_time < (select at from bound) or (k.imei, k.hash) < (select imei, hash from bound))
          and ($5::text is null or exists (
            select from reporting.fn_driver_at(k.imei, k.gate_time) where driver_name in (select json_array_elements_text($5::text::json))
          ))
        order by k.gate_time desc, k.hash desc
        limit $7::int + 1
      ) k
      where $1 = 'heartbeats' and (select vehicles <= $8::int from bound)
      order by k.gate_time desc, k.imei desc, k.hash desc
      limit $7::int + 1
    ) k
  )
), shown as materialized (
  select row_number() over (order by at desc, imei desc, hash desc) as n, * from page order by n limit $7::int
), reading as (
  select s.n, json_build_object(
    'at', to_char(s.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'), 'imei', s.imei, 'name', v.name, 'plate', v.plate,
    'driver', d.driver_name, 'account', v.account, 'values', s.facts
  ) as facts
  from shown s
  join vehicle v using (imei)
  left join lateral reporting.fn_driver_at(s.imei, s.at) d on true
)
select (select vehicles::int from bound) as vehicles, json_build_object(
  'kind', $1::text,
  'readings', coalesce((select json_agg(facts order by n) from reading), '[]'),
  'next', case when (select count(*) from page) > $7::int then (
    select reporting.fn_place_word(to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), imei, hash)
    from shown order by n desc limit 1
  ) end
)::text as body
