-- What managers ask by the day. Every view reads the roll-ups, has a row per day and leaves canary devices out; who wants
-- some days asks for them by `day`, and no view reads the clock.

create view reporting.v_vehicles as
  select d.imei, d.device_name as name, d.plate, d.account, d.city, d.segment, d.vehicle_type, d.model, d.shift, d.enabled,
    d.hidden_on_map,
    coalesce(d.own_fuel_l_per_100_km, t.fuel_l_per_100_km, d.fuel_l_per_100_km) as fuel_l_per_100_km,
    coalesce(d.own_service_interval_km, t.service_interval_km) as service_interval_km
  from tracksolid.devices d
  left join tracksolid.vehicle_types t on t.vehicle_type = d.vehicle_type
  where d.kind = 'vehicle';
comment on view reporting.v_vehicles is 'The vehicles of the fleet, a row each, also those that are disabled; without canary devices.';
comment on column reporting.v_vehicles.imei is 'Device identity.';
comment on column reporting.v_vehicles.name is 'Device name, free text of the vendor.';
comment on column reporting.v_vehicles.plate is 'Licence plate.';
comment on column reporting.v_vehicles.account is 'Owning Tracksolid account.';
comment on column reporting.v_vehicles.city is 'Home city.';
comment on column reporting.v_vehicles.segment is 'Business segment.';
comment on column reporting.v_vehicles.vehicle_type is 'Vehicle class.';
comment on column reporting.v_vehicles.model is 'Model of the device.';
comment on column reporting.v_vehicles.shift is 'Shift of its driver.';
comment on column reporting.v_vehicles.enabled is 'Listed by the vendor.';
comment on column reporting.v_vehicles.hidden_on_map is 'Left out of maps.';
comment on column reporting.v_vehicles.fuel_l_per_100_km is 'Consumption, litres per 100 km: its own, else its type''s, else what the vendor has on record.';
comment on column reporting.v_vehicles.service_interval_km is 'Distance between two services, km: its own, else its type''s.';

create view reporting.v_utilisation_daily as
  select v.day, v.imei, d.name, d.plate, d.account, d.city, d.segment, d.vehicle_type,
    v.moving_s, v.idling_s, v.parked_s, v.unknown_s,
    (v.moving_s / nullif(v.moving_s + v.idling_s + v.parked_s, 0)::double precision) as moving_share,
    v.distance_km, v.distance_source, v.trips, v.first_moving_at, v.last_moving_at, v.max_speed_kmh
  from reporting.vehicle_day v
  join reporting.v_vehicles d on d.imei = v.imei;
comment on view reporting.v_utilisation_daily is 'How much a vehicle was used on a day. Grain: vehicle and day. A day of which nothing is known has no row.';
comment on column reporting.v_utilisation_daily.day is 'Day in the fleet''s zone.';
comment on column reporting.v_utilisation_daily.imei is 'Device identity.';
comment on column reporting.v_utilisation_daily.name is 'Device name.';
comment on column reporting.v_utilisation_daily.plate is 'Licence plate.';
comment on column reporting.v_utilisation_daily.account is 'Owning Tracksolid account, as it is now.';
comment on column reporting.v_utilisation_daily.city is 'Home city, as it is now.';
comment on column reporting.v_utilisation_daily.segment is 'Business segment, as it is now.';
comment on column reporting.v_utilisation_daily.vehicle_type is 'Vehicle class, as it is now.';
comment on column reporting.v_utilisation_daily.moving_s is 'Under way, s.';
comment on column reporting.v_utilisation_daily.idling_s is 'Standing with the ignition on, s.';
comment on column reporting.v_utilisation_daily.parked_s is 'Standing with the ignition not on, s.';
comment on column reporting.v_utilisation_daily.unknown_s is 'The rest of the day, s; of a day that still goes on also what is to come.';
comment on column reporting.v_utilisation_daily.moving_share is 'Under way as a share of what is known, 0 to 1; null where nothing is.';
comment on column reporting.v_utilisation_daily.distance_km is 'The distance that counts, km.';
comment on column reporting.v_utilisation_daily.distance_source is 'Where it comes from: odometer, vendor or gps.';
comment on column reporting.v_utilisation_daily.trips is 'Trips that began on the day.';
comment on column reporting.v_utilisation_daily.first_moving_at is 'First instant under way (UTC).';
comment on column reporting.v_utilisation_daily.last_moving_at is 'Last instant under way (UTC).';
comment on column reporting.v_utilisation_daily.max_speed_kmh is 'Highest speed of a fix, km/h.';

create view reporting.v_fleet_km_daily as
  select v.day, d.account, d.city, d.segment, count(*)::integer as vehicles,
    (count(*) filter (where v.moving_s > 0))::integer as vehicles_moved,
    sum(v.distance_km) as distance_km,
    sum(v.odometer_km) as odometer_km, sum(v.vendor_km) as vendor_km, sum(v.gps_km) as gps_km,
    (count(*) filter (where v.distance_km is null))::integer as vehicles_unknown
  from reporting.vehicle_day v
  join reporting.v_vehicles d on d.imei = v.imei
  group by v.day, d.account, d.city, d.segment;
comment on view reporting.v_fleet_km_daily is 'How far the fleet drove. Grain: day, account, city and segment.';
comment on column reporting.v_fleet_km_daily.day is 'Day in the fleet''s zone.';
comment on column reporting.v_fleet_km_daily.account is 'Owning Tracksolid account, as it is now.';
comment on column reporting.v_fleet_km_daily.city is 'Home city, as it is now.';
comment on column reporting.v_fleet_km_daily.segment is 'Business segment, as it is now.';
comment on column reporting.v_fleet_km_daily.vehicles is 'Vehicles of which anything is known on the day.';
comment on column reporting.v_fleet_km_daily.vehicles_moved is 'Those that were under way.';
comment on column reporting.v_fleet_km_daily.distance_km is 'The distance that counts, km; of the vehicles whose distance is known.';
comment on column reporting.v_fleet_km_daily.odometer_km is 'By odometers, km; of the vehicles that have one.';
comment on column reporting.v_fleet_km_daily.vendor_km is 'By the vendor''s trips, km.';
comment on column reporting.v_fleet_km_daily.gps_km is 'From fix to fix, km.';
comment on column reporting.v_fleet_km_daily.vehicles_unknown is 'Vehicles whose distance is not known: the sum is too small by theirs.';

create view reporting.v_driver_aggregates_daily as
  select r.day, r.driver_name, count(*)::integer as vehicles, sum(r.moving_s)::integer as moving_s,
    sum(r.idling_s)::integer as idling_s, sum(r.distance_km) as distance_km, sum(r.trips)::integer as trips,
    max(r.max_speed_kmh) as max_speed_kmh, sum(r.speeding_events)::integer as speeding_events,
    sum(r.harsh_events)::integer as harsh_events, sum(r.alarms)::integer as alarms,
    100 * sum(r.speeding_events + r.harsh_events) / nullif(sum(r.distance_km), 0) as events_per_100_km
  from reporting.driver_day r
  join reporting.v_vehicles d on d.imei = r.imei
  group by r.day, r.driver_name;
comment on view reporting.v_driver_aggregates_daily is 'How a driver drove on a day, over all vehicles they had. Grain: day and driver.';
comment on column reporting.v_driver_aggregates_daily.day is 'Day in the fleet''s zone.';
comment on column reporting.v_driver_aggregates_daily.driver_name is 'Driver as the vendor or the company names them: namesakes are one.';
comment on column reporting.v_driver_aggregates_daily.vehicles is 'Vehicles they had.';
comment on column reporting.v_driver_aggregates_daily.moving_s is 'Under way, s.';
comment on column reporting.v_driver_aggregates_daily.idling_s is 'Standing with the ignition on, s.';
comment on column reporting.v_driver_aggregates_daily.distance_km is 'Distance, km.';
comment on column reporting.v_driver_aggregates_daily.trips is 'Trips that began.';
comment on column reporting.v_driver_aggregates_daily.max_speed_kmh is 'Highest speed of a fix, km/h.';
comment on column reporting.v_driver_aggregates_daily.speeding_events is 'Alarms of the class speed.';
comment on column reporting.v_driver_aggregates_daily.harsh_events is 'Alarms of harsh driving.';
comment on column reporting.v_driver_aggregates_daily.alarms is 'Alarms of any kind.';
comment on column reporting.v_driver_aggregates_daily.events_per_100_km is 'Speeding and harsh driving by distance; null without a distance.';

create function reporting.fn_shift(
  imei text, driver_name text, day date, first_moving_at timestamptz, last_moving_at timestamptz
)
returns table (
  shift_from timestamptz, shift_to timestamptz, due_at timestamptz, grace interval, began_at timestamptz
)
language sql stable
begin atomic
  with shift as (
    select (fn_shift.day + s.starts_at) at time zone f.zone as shift_from,
      (fn_shift.day + s.ends_at + case when s.ends_at <= s.starts_at then interval '1 day' else interval '0' end)
        at time zone f.zone as shift_to,
      s.grace
    from tracksolid.fleet f
    cross join tracksolid.devices d
    join tracksolid.shifts s on s.shift = d.shift and s.weekday = extract(isodow from fn_shift.day)
    where d.imei = fn_shift.imei
  ), held as (
    select w.*, a.valid_from, a.next_from, min(greatest(a.valid_from, w.shift_from)) over () as due_at
    from shift w
    cross join lateral (
      select driver_name, valid_from, lead(valid_from, 1, 'infinity') over (order by valid_from) as next_from
      from tracksolid.driver_assignments where imei = fn_shift.imei
    ) a
    where a.driver_name = fn_shift.driver_name and a.valid_from < w.shift_to and a.next_from > w.shift_from
  )
  select h.shift_from, h.shift_to, h.due_at, h.grace, min(began.at)
  from held h
  cross join lateral (
    select greatest(h.due_at - interval '2 hours', h.valid_from, fn_shift.first_moving_at) as early,
      least(h.next_from, fn_shift.last_moving_at) as late
  ) own
  left join lateral (
    select min(greatest(v.first_moving_at, own.early)) as at
    from reporting.vehicle_hour v
    where v.imei = fn_shift.imei and fn_shift.first_moving_at is not null
      and v.hour > own.early - interval '1 hour' and v.hour <= own.late
      and v.first_moving_at < own.late and v.last_moving_at > own.early
  ) began on true
  group by h.shift_from, h.shift_to, h.due_at, h.grace;
end;
comment on function reporting.fn_shift(text, text, date, timestamptz, timestamptz) is
  'The shift of a vehicle on a day of the fleet''s zone, for a driver who moved it between these two instants of the day; no row on a free day, without a shift, or for who had the vehicle before it or after it alone. due_at: its start, or when the driver first took the vehicle over during it. began_at: the driver''s first move from two hours before due_at on, so that the end of a night or an errand at dawn is not taken for the beginning; null without one. (UTC)';

create view reporting.v_driver_clock_daily as
  select r.day, r.driver_name, r.imei, d.name, d.plate, d.account, d.city, d.shift, s.shift_from, s.shift_to,
    r.first_ignition_at, r.first_moving_at, r.last_moving_at, r.last_ignition_at, s.began_at,
    case when s.began_at is not null then greatest(extract(epoch from s.began_at - s.due_at), 0)::integer end as late_s,
    s.began_at > s.due_at + s.grace as is_late
  from reporting.driver_day r
  join reporting.v_vehicles d on d.imei = r.imei
  left join lateral reporting.fn_shift(r.imei, r.driver_name, r.day, r.first_moving_at, r.last_moving_at) s on true;
comment on view reporting.v_driver_clock_daily is 'When a driver''s day with a vehicle began and ended, and whether that was late for the vehicle''s shift. Grain: day, driver and vehicle.';
comment on column reporting.v_driver_clock_daily.day is 'Day in the fleet''s zone.';
comment on column reporting.v_driver_clock_daily.driver_name is 'Driver as the vendor or the company names them.';
comment on column reporting.v_driver_clock_daily.imei is 'Device identity.';
comment on column reporting.v_driver_clock_daily.name is 'Device name.';
comment on column reporting.v_driver_clock_daily.plate is 'Licence plate.';
comment on column reporting.v_driver_clock_daily.account is 'Owning Tracksolid account, as it is now.';
comment on column reporting.v_driver_clock_daily.city is 'Home city, as it is now.';
comment on column reporting.v_driver_clock_daily.shift is 'Shift, as it is now.';
comment on column reporting.v_driver_clock_daily.shift_from is 'When the shift began (UTC); null on a free day or without a shift.';
comment on column reporting.v_driver_clock_daily.shift_to is 'When the shift ended (UTC).';
comment on column reporting.v_driver_clock_daily.first_ignition_at is 'First instant with the ignition on (UTC).';
comment on column reporting.v_driver_clock_daily.first_moving_at is 'First instant under way (UTC).';
comment on column reporting.v_driver_clock_daily.last_moving_at is 'Last instant under way (UTC).';
comment on column reporting.v_driver_clock_daily.last_ignition_at is 'Last instant with the ignition on (UTC).';
comment on column reporting.v_driver_clock_daily.began_at is 'First move of the shift, from two hours before it on (UTC); null without one.';
comment on column reporting.v_driver_clock_daily.late_s is 'From the start of the shift, or from when the driver took the vehicle over, to began_at, s; 0 where it was earlier; null where nobody moved or there was no shift.';
comment on column reporting.v_driver_clock_daily.is_late is 'Later than the grace of the shift; null where that cannot be said.';

create view reporting.v_alarms_daily as
  select a.day, a.canonical_code, coalesce(c.name, a.canonical_code) as alarm, c.class, d.account, d.city, d.segment,
    sum(a.alarms)::integer as alarms, count(*)::integer as vehicles
  from reporting.alarm_day a
  join reporting.v_vehicles d on d.imei = a.imei
  left join tracksolid.alarm_codes c on c.code = a.canonical_code
  group by a.day, a.canonical_code, c.name, c.class, d.account, d.city, d.segment;
comment on view reporting.v_alarms_daily is 'What vehicles warned of. Grain: day, kind of alarm, account, city and segment.';
comment on column reporting.v_alarms_daily.day is 'Day in the fleet''s zone.';
comment on column reporting.v_alarms_daily.canonical_code is 'Code of the event.';
comment on column reporting.v_alarms_daily.alarm is 'Its name; the code where it has none.';
comment on column reporting.v_alarms_daily.class is 'What it is about, as in alarm_codes; null for a code that is not there.';
comment on column reporting.v_alarms_daily.account is 'Owning Tracksolid account, as it is now.';
comment on column reporting.v_alarms_daily.city is 'Home city, as it is now.';
comment on column reporting.v_alarms_daily.segment is 'Business segment, as it is now.';
comment on column reporting.v_alarms_daily.alarms is 'Alarms that began on the day.';
comment on column reporting.v_alarms_daily.vehicles is 'Vehicles that had any.';
