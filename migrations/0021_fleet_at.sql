-- The fleet at an instant: today so far, who has not moved, who idles. The instant is the caller's; nothing here reads the clock.

create function reporting.fn_fleet_today(as_of timestamptz)
returns table (
  imei text, name text, plate text, driver text, account text, city text, segment text, vehicle_type text, status text,
  lat double precision, lng double precision, fix_at timestamptz, contact_at timestamptz, day date, moving_s integer,
  idling_s integer, parked_s integer, unknown_s integer, distance_km double precision, distance_source text,
  trips integer, first_moving_at timestamptz, last_moving_at timestamptz, max_speed_kmh real, speeding_events integer,
  harsh_events integer
)
language sql stable
begin atomic
  select
    p.imei, p.name, p.plate, p.driver, p.account, p.city, p.segment, p.vehicle_type, p.status, p.lat, p.lng, p.fix_at,
    p.contact_at, today.day, coalesce(v.moving_s, 0), coalesce(v.idling_s, 0),
    coalesce(v.parked_s, 0) + since.parked_s,
    greatest(
      today.gone_s - coalesce(v.moving_s + v.idling_s + v.parked_s, 0) - since.parked_s, 0
    ),
    v.distance_km, v.distance_source, coalesce(v.trips, 0), v.first_moving_at, v.last_moving_at, v.max_speed_kmh,
    coalesce(v.speeding_events, 0), coalesce(v.harsh_events, 0)
  from tracksolid.fleet f
  cross join lateral (
    select (fn_fleet_today.as_of at time zone f.zone)::date as day,
      (fn_fleet_today.as_of at time zone f.zone)::date::timestamp at time zone f.zone as day_from,
      extract(epoch from fn_fleet_today.as_of
        - (fn_fleet_today.as_of at time zone f.zone)::date::timestamp at time zone f.zone)::integer as gone_s
  ) today
  cross join reporting.fn_live_positions(fn_fleet_today.as_of, interval '24 hours', interval '10 minutes') p
  left join reporting.vehicle_day v on v.imei = p.imei and v.day = today.day
  cross join lateral (
    -- Since the roll-ups were made it stands where it stood, as far as it was heard of.
    select case when p.ignition is false then greatest(extract(epoch from
      least(p.contact_at, fn_fleet_today.as_of) - greatest(v.known_to, p.fix_at, today.day_from)
    ), 0) else 0 end::integer as parked_s
  ) since;
end;
comment on function reporting.fn_fleet_today(timestamptz) is
  'Every vehicle of the map as it stands at as_of, with its day so far in the fleet''s zone: the four times add up to what has gone of the day. A vehicle whose ignition is off is parked from its last fix to its last contact. The roll-ups are those of now: as_of is meant to be now, or a little earlier.';

create function reporting.fn_vehicles_not_moved(day date)
returns table (
  imei text, name text, plate text, driver text, account text, city text, segment text, vehicle_type text,
  last_moved_day date, days_since integer, contact_at timestamptz, known boolean
)
language sql stable
begin atomic
  select d.imei, d.name, d.plate, dev.driver_name, d.account, d.city, d.segment, d.vehicle_type, moved.day,
    fn_vehicles_not_moved.day - moved.day, l.contact_at, coalesce(v.parked_s + v.idling_s > 0, false)
  from reporting.v_vehicles d
  join tracksolid.devices dev on dev.imei = d.imei
  left join tracksolid.live_positions l on l.imei = d.imei
  left join reporting.vehicle_day v on v.imei = d.imei and v.day = fn_vehicles_not_moved.day
  left join lateral (
    select m.day from reporting.vehicle_day m
    where m.imei = d.imei and m.day <= fn_vehicles_not_moved.day and m.moving_s > 0
    order by m.day desc limit 1
  ) moved on true
  where d.enabled and moved.day is distinct from fn_vehicles_not_moved.day
  order by moved.day nulls first, d.imei;
end;
comment on function reporting.fn_vehicles_not_moved(date) is
  'Vehicles that did not move on a day of the fleet''s zone, longest first. known: it was seen standing on that day; otherwise nobody knows. last_moved_day: null where no move is known at all. contact_at is of now, whatever the day.';

create function reporting.fn_currently_idle(as_of timestamptz, at_least interval default '5 minutes')
returns table (
  imei text, name text, plate text, driver text, account text, city text, segment text, vehicle_type text,
  lat double precision, lng double precision, idle_since timestamptz, idle_s integer
)
language sql stable
begin atomic
  select p.imei, p.name, p.plate, p.driver, p.account, p.city, p.segment, p.vehicle_type, p.lat, p.lng, stood.since,
    extract(epoch from fn_currently_idle.as_of - stood.since)::integer
  from reporting.fn_live_positions(fn_currently_idle.as_of, interval '24 hours', interval '10 minutes') p
  cross join lateral (
    -- The fix after the last that moved or had its ignition off; a day back, where there is none.
    select min(h.gps_time) as since from tracksolid.position_history h
    where h.imei = p.imei and h.gps_time <= fn_currently_idle.as_of and not h.clock_ahead
      and (h.pos_type is null or h.pos_type = 'GPS')
      and h.gps_time > coalesce((
        select e.gps_time from tracksolid.position_history e
        where e.imei = p.imei and e.gps_time <= fn_currently_idle.as_of
          and e.gps_time > fn_currently_idle.as_of - interval '1 day' and not e.clock_ahead
          and (e.speed_kmh > 3 or e.ignition is false)
        order by e.gps_time desc limit 1
      ), fn_currently_idle.as_of - interval '1 day')
  ) stood
  where p.status = 'idling' and stood.since <= fn_currently_idle.as_of - fn_currently_idle.at_least
  order by stood.since, p.imei;
end;
comment on function reporting.fn_currently_idle(timestamptz, interval) is
  'Vehicles of the map that stand with the ignition on at as_of, and since when, longest first; a day at most. as_of is meant to be now, or a little earlier.';

create function reporting.fn_driver_clock_today(as_of timestamptz)
returns table (
  day date, driver_name text, imei text, name text, plate text, account text, city text, shift text,
  shift_from timestamptz, shift_to timestamptz, first_ignition_at timestamptz, first_moving_at timestamptz,
  last_moving_at timestamptz, last_ignition_at timestamptz, began_at timestamptz, contact_at timestamptz, status text,
  late_s integer, is_late boolean
)
language sql stable
begin atomic
  with clock as (
    select
      today.day, r.driver_name, d.imei, d.name, d.plate, d.account, d.city, d.shift, s.shift_from, s.shift_to,
      r.first_ignition_at, r.first_moving_at, r.last_moving_at, r.last_ignition_at, s.began_at, s.due_at, s.grace,
      l.contact_at
    from (
      select (fn_driver_clock_today.as_of at time zone f.zone)::date as day from tracksolid.fleet f
    ) today
    cross join reporting.v_vehicles d
    left join lateral reporting.fn_driver_at(d.imei, fn_driver_clock_today.as_of) a on true
    cross join lateral (
      -- Who handed the vehicle over without a move has nothing to show, and is not missing.
      select k.driver_name, k.first_ignition_at, k.first_moving_at, k.last_moving_at, k.last_ignition_at
      from reporting.driver_day k
      where k.imei = d.imei and k.day = today.day and (k.first_moving_at is not null or k.driver_name = a.driver_name)
      union all
      -- Of whom nothing was seen yet.
      select a.driver_name, null, null, null, null
      where a.driver_name is not null and not exists (
        select from reporting.driver_day k
        where k.imei = d.imei and k.day = today.day and k.driver_name = a.driver_name
      )
    ) r
    left join lateral reporting.fn_shift(d.imei, r.driver_name, today.day, r.first_moving_at, r.last_moving_at) s on true
    left join tracksolid.live_positions l on l.imei = d.imei
    where d.enabled
  ), judged as (
    select
      c.*,
      case
        when c.due_at is null then 'free'
        when c.began_at <= c.due_at + c.grace then 'on_time'
        when c.began_at is not null then 'late'
        when fn_driver_clock_today.as_of <= c.due_at + c.grace then 'awaited'
        when c.contact_at >= c.due_at then 'missing'
        else 'unknown'
      end as status
    from clock c
  )
  select
    j.day, j.driver_name, j.imei, j.name, j.plate, j.account, j.city, j.shift, j.shift_from, j.shift_to,
    j.first_ignition_at, j.first_moving_at, j.last_moving_at, j.last_ignition_at, j.began_at, j.contact_at, j.status,
    case when j.status in ('on_time', 'late', 'missing') then greatest(
      extract(epoch from coalesce(j.began_at, fn_driver_clock_today.as_of) - j.due_at), 0
    )::integer end,
    case j.status when 'on_time' then false when 'late' then true when 'missing' then true end
  from judged j
  order by j.shift_from, j.driver_name, j.imei;
end;
comment on function reporting.fn_driver_clock_today(timestamptz) is
  'Who has begun to drive on the day of as_of in the fleet''s zone, and who should have: the drivers of enabled vehicles, who have them now or drove them today. status: on_time (began_at within the grace of the shift, or of taking the vehicle over during it), late (later), missing (not moved, though the vehicle was heard of since), unknown (nothing heard of it since), awaited (the shift or its grace goes on), free (no shift today). began_at: first move from two hours before the shift on. late_s: from there to began_at, or to as_of while missing, s. The roll-ups are those of now: as_of is meant to be now, or a little earlier.';
