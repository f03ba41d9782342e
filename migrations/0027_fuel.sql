-- When a vehicle was filled up, and when its tank was drained: steps in the level that its sensor or its own bus tells.

create table tracksolid.fuel_units (
  code text primary key check (code = lower(code)),
  unit text not null check (unit in ('percent', 'l'))
);
comment on table tracksolid.fuel_units is 'What the units of fuel readings mean. The vendor sends integers that no document explains: who knows what a sensor measures adds its code.';
comment on column tracksolid.fuel_units.code is 'As in fuel_readings.unit, in small letters.';
comment on column tracksolid.fuel_units.unit is 'percent of the tank, or l.';
insert into tracksolid.fuel_units (code, unit) values
  ('percent', 'percent'), ('%', 'percent'), ('l', 'l'), ('litre', 'l'), ('litres', 'l'), ('liter', 'l'), ('liters', 'l');

create function reporting.fn_fuel_levels(imei text, from_time timestamptz, to_time timestamptz)
returns table (source text, sensor text, at timestamptz, level double precision)
language sql stable
begin atomic
  select 'sensor', coalesce(r.sensor, ''), r.reading_time, r.value
  from tracksolid.fuel_readings r
  where r.imei = fn_fuel_levels.imei and r.reading_time >= fn_fuel_levels.from_time
    and r.reading_time < fn_fuel_levels.to_time and r.value > 0
  union all
  select 'obd', '', o.reading_time, o.fuel_level
  from tracksolid.obd_readings o
  where o.imei = fn_fuel_levels.imei and o.reading_time >= fn_fuel_levels.from_time
    and o.reading_time < fn_fuel_levels.to_time and o.fuel_level > 0;
end;
comment on function reporting.fn_fuel_levels(text, timestamptz, timestamptz) is
  'What sensors and the vehicle''s own bus (source obd) said of its fuel in [from_time, to_time), in the unit they say it in. A level of 0 is left out: sensors say so when they are cut off, tanks hardly ever.';

create function reporting.fn_fuel_unit(imei text, source text, sensor text, at timestamptz)
returns text
language sql stable
begin atomic
  select case fn_fuel_unit.source
    when 'sensor' then (
      select max(lower(coalesce(r.unit, case when r.raw ->> 'percent' is not null then 'percent' else '' end)))
      from tracksolid.fuel_readings r
      where r.imei = fn_fuel_unit.imei and r.reading_time = fn_fuel_unit.at and r.value > 0
        and coalesce(r.sensor, '') = fn_fuel_unit.sensor
    )
    else (
      -- The column has the first of these fields that has a value.
      select max(case
        when o.raw::text ~ '(fuelLevel|remainingFuelPercentage)\\*"\s*:\s*\\*"?[0-9]' then 'percent'
        when o.raw::text ~ 'remainingFuel\\*"\s*:\s*\\*"?[0-9]' then 'l'
        else ''
      end)
      from tracksolid.obd_readings o
      where o.imei = fn_fuel_unit.imei and o.reading_time = fn_fuel_unit.at and o.fuel_level > 0
    )
  end;
end;
comment on function reporting.fn_fuel_unit(text, text, text, timestamptz) is
  'The unit of a level that fn_fuel_levels tells, as a code of fuel_units; empty where nothing says.';

create table reporting.fuel_events (
  imei       text not null,
  at         timestamptz not null,
  source     text not null check (source in ('sensor', 'obd')),
  sensor     text not null,
  unit_code  text not null,
  kind       text not null check (kind in ('refill', 'drain')),
  before_at  timestamptz not null,
  from_level double precision not null,
  to_level   double precision not null,
  unexplained double precision not null,
  standing   boolean,
  driven_km  double precision not null,
  lat        double precision,
  lng        double precision,
  confidence real not null check (confidence between 0 and 1),
  doubts     text,
  primary key (imei, at, source, sensor)
);
create index fuel_events_at_idx on reporting.fuel_events (at);
grant insert, update, delete on reporting.fuel_events to ingest_app;
comment on table reporting.fuel_events is 'Steps of a fuel level that use does not explain, computed from readings and fixes for days that changed. Grain: vehicle, sensor and step. workers/derive/fuel-events.sql has the rules; v_fuel_events has litres.';
comment on column reporting.fuel_events.imei is 'Device identity.';
comment on column reporting.fuel_events.at is 'First reading after the step (UTC).';
comment on column reporting.fuel_events.source is 'sensor: a fuel sensor; obd: the vehicle''s own bus.';
comment on column reporting.fuel_events.sensor is 'Sensor or channel; empty where the vehicle has one.';
comment on column reporting.fuel_events.unit_code is 'Unit of the levels as sent, in small letters; fuel_units says what it means.';
comment on column reporting.fuel_events.kind is 'refill: the level rose; drain: it fell.';
comment on column reporting.fuel_events.before_at is 'Last reading before the step (UTC): it happened between the two.';
comment on column reporting.fuel_events.from_level is 'Median of the readings of the quarter of an hour before.';
comment on column reporting.fuel_events.to_level is 'Median of the readings of the quarter of an hour after.';
comment on column reporting.fuel_events.unexplained is 'How much of the step use does not explain: of a drain 0.4 points or litres a kilometre are taken for use. In the unit of the levels.';
comment on column reporting.fuel_events.standing is 'A fix of the time shows the vehicle standing; false where it only drove, null without a fix.';
comment on column reporting.fuel_events.driven_km is 'How far it drove meanwhile, a quarter of an hour on either side included, from fix to fix, km.';
comment on column reporting.fuel_events.lat is 'Where it was, by the nearest fix: latitude, WGS-84 degrees.';
comment on column reporting.fuel_events.lng is 'Longitude, WGS-84 degrees.';
comment on column reporting.fuel_events.confidence is 'From 0 to 1: 0.3 for what is unexplained of it (none at 7 points or litres, all at 21), 0.2 for readings (all at three on either side), 0.3 for standing (half where unknown), 0.2 for how little they vary; of all that 0.3 where the level came back within half an hour. A formula, not a probability.';
comment on column reporting.fuel_events.doubts is 'What lowers the confidence, in words; null is nothing.';

create view reporting.v_fuel_events as
  select e.imei, d.name, d.plate, d.account, d.city, d.segment, d.vehicle_type, drove.driver_name as driver,
    d.hidden_on_map, e.kind, e.before_at, e.at, e.from_level, e.to_level, u.unit,
    e.unexplained * case u.unit
      when 'l' then 1
      when 'percent' then coalesce(dev.own_tank_l, t.tank_l)::double precision / 100
    end as litres,
    e.source, e.sensor, e.standing, e.driven_km, e.lat, e.lng, e.confidence, e.doubts
  from reporting.fuel_events e
  join reporting.v_vehicles d on d.imei = e.imei
  join tracksolid.devices dev on dev.imei = e.imei
  left join tracksolid.vehicle_types t on t.vehicle_type = d.vehicle_type
  left join tracksolid.fuel_units u on u.code = e.unit_code
  left join lateral reporting.fn_driver_at(e.imei, e.at) drove on true;
comment on view reporting.v_fuel_events is 'Refills and drains with the vehicle as it is now and the driver of the time. Grain: vehicle, sensor and step. A drain of high confidence is worth a question, not a verdict.';
comment on column reporting.v_fuel_events.imei is 'Device identity.';
comment on column reporting.v_fuel_events.name is 'Device name.';
comment on column reporting.v_fuel_events.plate is 'Licence plate.';
comment on column reporting.v_fuel_events.account is 'Owning Tracksolid account, as it is now.';
comment on column reporting.v_fuel_events.city is 'Home city, as it is now.';
comment on column reporting.v_fuel_events.segment is 'Business segment, as it is now.';
comment on column reporting.v_fuel_events.vehicle_type is 'Vehicle class, as it is now.';
comment on column reporting.v_fuel_events.driver is 'Driver at the time; null where none was known by then.';
comment on column reporting.v_fuel_events.hidden_on_map is 'Left out of maps.';
comment on column reporting.v_fuel_events.kind is 'refill or drain.';
comment on column reporting.v_fuel_events.before_at is 'Last reading before (UTC).';
comment on column reporting.v_fuel_events.at is 'First reading after (UTC).';
comment on column reporting.v_fuel_events.from_level is 'Level before; see unit.';
comment on column reporting.v_fuel_events.to_level is 'Level after; see unit.';
comment on column reporting.v_fuel_events.unit is 'percent or l; null where the sensor''s unit is not in fuel_units.';
comment on column reporting.v_fuel_events.litres is 'How much use does not explain, l; null where the unit, or for percent the tank, is not known.';
comment on column reporting.v_fuel_events.source is 'sensor or obd.';
comment on column reporting.v_fuel_events.sensor is 'Sensor or channel.';
comment on column reporting.v_fuel_events.standing is 'Whether it stood; null without a fix.';
comment on column reporting.v_fuel_events.driven_km is 'How far it drove meanwhile, km.';
comment on column reporting.v_fuel_events.lat is 'Latitude, WGS-84 degrees.';
comment on column reporting.v_fuel_events.lng is 'Longitude, WGS-84 degrees.';
comment on column reporting.v_fuel_events.confidence is 'From 0 to 1, as fuel_events.';
comment on column reporting.v_fuel_events.doubts is 'What lowers it, in words.';

create view reporting.v_fuel_daily as
  select v.day, v.imei, d.name, d.plate, d.account, d.city, d.segment, d.vehicle_type, v.distance_km,
    v.fuel_l as reported_l, v.distance_km * d.fuel_l_per_100_km / 100 as estimated_l,
    v.fuel_l::numeric * p.price_per_l as reported_cost,
    (v.distance_km * d.fuel_l_per_100_km / 100)::numeric * p.price_per_l as estimated_cost,
    p.currency, e.refills, e.refilled_l, e.drains, e.drained_l
  from reporting.vehicle_day v
  join reporting.v_vehicles d on d.imei = v.imei
  cross join tracksolid.fleet f
  left join lateral (
    select price_per_l, currency from tracksolid.fuel_prices where valid_from <= v.day order by valid_from desc limit 1
  ) p on true
  cross join lateral (
    select
      (count(*) filter (where kind = 'refill'))::integer as refills,
      sum(litres) filter (where kind = 'refill') as refilled_l,
      (count(*) filter (where kind = 'drain'))::integer as drains,
      sum(litres) filter (where kind = 'drain') as drained_l
    from (
      select x.kind, x.litres, x.source, max(x.source) over () as counts from reporting.v_fuel_events x
      where x.imei = v.imei and x.at >= v.day::timestamp at time zone f.zone
        and x.at < (v.day + 1)::timestamp at time zone f.zone and x.confidence >= 0.5
    ) told
    -- What the sensor told and the bus told too happened once.
    where source = counts
  ) e;
comment on view reporting.v_fuel_daily is 'Fuel a vehicle used on a day: what the vendor reports with trips and what its consumption makes of its distance, kept apart. Grain: vehicle and day.';
comment on column reporting.v_fuel_daily.day is 'Day in the fleet''s zone.';
comment on column reporting.v_fuel_daily.imei is 'Device identity.';
comment on column reporting.v_fuel_daily.name is 'Device name.';
comment on column reporting.v_fuel_daily.plate is 'Licence plate.';
comment on column reporting.v_fuel_daily.account is 'Owning Tracksolid account, as it is now.';
comment on column reporting.v_fuel_daily.city is 'Home city, as it is now.';
comment on column reporting.v_fuel_daily.segment is 'Business segment, as it is now.';
comment on column reporting.v_fuel_daily.vehicle_type is 'Vehicle class, as it is now.';
comment on column reporting.v_fuel_daily.distance_km is 'The distance that counts, km.';
comment on column reporting.v_fuel_daily.reported_l is 'By the vendor''s trips that began on the day, l; null where none told.';
comment on column reporting.v_fuel_daily.estimated_l is 'Distance by consumption, l; null without either. An estimate: load, traffic and idling are not in it.';
comment on column reporting.v_fuel_daily.reported_cost is 'Reported litres at the price of the day.';
comment on column reporting.v_fuel_daily.estimated_cost is 'Estimated litres at the price of the day.';
comment on column reporting.v_fuel_daily.currency is 'ISO 4217; null before the first price.';
comment on column reporting.v_fuel_daily.refills is 'Refills with a confidence of 0.5 or more; those of fuel sensors, where these told of any step on the day, else of the vehicle''s own bus.';
comment on column reporting.v_fuel_daily.refilled_l is 'Filled up, l; of the refills whose litres are known, null where none is.';
comment on column reporting.v_fuel_daily.drains is 'Drains, likewise.';
comment on column reporting.v_fuel_daily.drained_l is 'Drained, l, likewise.';
