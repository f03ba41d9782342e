-- The names by which consumers of the system before this one ask. They have no parameter, so those that say how things are at an instant read the clock: these views alone.

create view tracksolid.v_fleet_today as
  select * from reporting.fn_fleet_today(now());
comment on view tracksolid.v_fleet_today is 'Every vehicle of the map as it stands now, with its day so far. Grain: vehicle. reporting.fn_fleet_today by its old name; reads the clock. Its columns of then are not known: these are ours.';

create view tracksolid.v_vehicles_not_moved_today as
  select n.* from tracksolid.fleet f
  cross join lateral reporting.fn_vehicles_not_moved((now() at time zone f.zone)::date) n;
comment on view tracksolid.v_vehicles_not_moved_today is 'Vehicles that have not moved today, longest first. Grain: vehicle. reporting.fn_vehicles_not_moved by its old name; reads the clock. Its columns of then are not known: these are ours.';

create view tracksolid.v_currently_idle as
  select * from reporting.fn_currently_idle(now());
comment on view tracksolid.v_currently_idle is 'Vehicles that stand with the ignition on now. Grain: vehicle. reporting.fn_currently_idle by its old name; reads the clock. Its columns of then are not known: these are ours.';

create view tracksolid.v_driver_clock_today as
  select * from reporting.fn_driver_clock_today(now());
comment on view tracksolid.v_driver_clock_today is 'Who has begun to drive today, and who should have. Grain: driver and vehicle. reporting.fn_driver_clock_today by its old name; reads the clock. Its columns of then are not known: these are ours.';

create view tracksolid.v_active_dispatch_map as
  select * from reporting.fn_active_dispatch_map(now());
comment on view tracksolid.v_active_dispatch_map is 'Open tickets with their vehicles as they are now. Grain: ticket. reporting.fn_active_dispatch_map by an old name; reads the clock. The dispatch table it once read is gone: it is defined anew, and so are its columns.';

create view tracksolid.v_driver_aggregates_daily as select * from reporting.v_driver_aggregates_daily;
create view tracksolid.v_fleet_km_daily          as select * from reporting.v_fleet_km_daily;
create view tracksolid.v_alarms_daily            as select * from reporting.v_alarms_daily;
create view tracksolid.v_driver_clock_daily      as select * from reporting.v_driver_clock_daily;
create view tracksolid.v_utilisation_daily       as select * from reporting.v_utilisation_daily;
create view tracksolid.v_mileage_daily_cagg as
  select v.day, v.imei, v.distance_km, v.distance_source, v.odometer_km, v.vendor_km, v.gps_km, v.fixes
  from reporting.vehicle_day v join reporting.v_vehicles d on d.imei = v.imei;
comment on view tracksolid.v_mileage_daily_cagg is 'How far a vehicle drove on a day. Grain: vehicle and day. reporting.vehicle_day by the name of an aggregate that summed other readings. Its columns of then are not known: these are ours.';

do $$
declare
  column_of record;
  words jsonb := '{
    "imei": "Device identity.", "name": "Device name.", "plate": "Licence plate.",
    "driver": "Driver, as the registry has it.", "driver_name": "Driver.", "account": "Owning Tracksolid account.",
    "city": "Home city.", "segment": "Business segment.", "vehicle_type": "Vehicle class.", "shift": "Shift.",
    "status": "moving, idling, parked, silent or unknown.", "lat": "Latitude, WGS-84 degrees.",
    "lng": "Longitude, WGS-84 degrees.", "fix_at": "Time of the newest fix (UTC).",
    "contact_at": "When it was last heard of (UTC).", "day": "Day in the fleet''s zone.", "moving_s": "Under way, s.",
    "idling_s": "Standing with the ignition on, s.", "parked_s": "Standing with the ignition not on, s.",
    "unknown_s": "The rest of what has gone of the day, s.", "distance_km": "The distance that counts, km.",
    "distance_source": "Where it comes from: odometer, vendor or gps.", "trips": "Trips that began on the day.",
    "first_moving_at": "First instant under way (UTC).", "last_moving_at": "Last instant under way (UTC).",
    "first_ignition_at": "First instant with the ignition on (UTC).",
    "last_ignition_at": "Last instant with the ignition on (UTC).", "max_speed_kmh": "Highest speed of a fix, km/h.",
    "speeding_events": "Alarms of the class speed.", "harsh_events": "Alarms of harsh driving.",
    "last_moved_day": "Last day on which it moved; null where none is known.", "days_since": "Days since then.",
    "known": "It was seen standing today; otherwise nobody knows.", "idle_since": "Since when it idles (UTC).",
    "idle_s": "For how long, s.", "shift_from": "When the shift begins (UTC).", "shift_to": "When the shift ends (UTC).",
    "began_at": "First move of the shift (UTC).",
    "late_s": "From the start of the shift to its first move, s; to now while it is missing.",
    "kind": "INC (incident) or CRQ (change request).", "number": "Number of the ticket.",
    "state": "State of the ticket.", "priority": "Priority of the ticket.", "area": "Area or site of the ticket.",
    "opened_at": "When the ticket was opened (UTC).", "age_s": "Age of the ticket, s.",
    "due_at": "By when it is to be resolved (UTC).", "overdue": "Whether that has gone by.",
    "assigned_by": "Whether the ticket names the vehicle (imei) or its driver (driver).",
    "vehicle_lat": "Latitude of the vehicle, WGS-84 degrees.", "vehicle_lng": "Longitude of the vehicle, WGS-84 degrees.",
    "is_late": "Later than the grace of the shift; null where that cannot be said."
  }';
begin
  for column_of in
    select v.relname as view_name, a.attname as column_name, col_description(
      coalesce(to_regclass('reporting.' || v.relname), 'reporting.vehicle_day'::regclass), s.attnum
    ) as source_words
    from pg_class v
    join pg_attribute a on a.attrelid = v.oid and a.attnum > 0
    left join pg_attribute s on s.attname = a.attname
      and s.attrelid = coalesce(to_regclass('reporting.' || v.relname), 'reporting.vehicle_day'::regclass)
    where v.relnamespace = 'tracksolid'::regnamespace and v.relkind = 'v' and v.relname in (
      'v_fleet_today', 'v_vehicles_not_moved_today', 'v_currently_idle', 'v_driver_clock_today',
      'v_driver_aggregates_daily', 'v_fleet_km_daily', 'v_alarms_daily', 'v_driver_clock_daily',
      'v_utilisation_daily', 'v_mileage_daily_cagg', 'v_active_dispatch_map'
    )
  loop
    execute format(
      'comment on column tracksolid.%I.%I is %L', column_of.view_name, column_of.column_name,
      case
        when column_of.view_name like '%daily%' then coalesce(column_of.source_words, words ->> column_of.column_name)
        else words ->> column_of.column_name
      end
    );
    if column_of.view_name like '%daily' then
      execute format(
        'comment on view tracksolid.%I is %L', column_of.view_name,
        obj_description(to_regclass('reporting.' || column_of.view_name), 'pg_class')
          || ' reporting.' || column_of.view_name
          || ' by its old name; its columns of then are not known: these are ours.'
      );
    end if;
  end loop;
end $$;

comment on column tracksolid.v_active_dispatch_map.distance_km is 'From the ticket to the vehicle, straight, km.';
comment on column tracksolid.v_driver_clock_today.status is 'on_time, late, missing, unknown, awaited or free: as fn_driver_clock_today.';
