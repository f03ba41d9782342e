-- Whether somebody was there: tickets against the fixes of the vehicle they were assigned to. Nothing here reads the
-- clock.

-- A ticket names a driver as people write names.
create index driver_assignments_driver_idx on tracksolid.driver_assignments (lower(btrim(driver_name)));

create function reporting.fn_ticket_vehicles(
  imei text, driver_name text, from_time timestamptz, to_time timestamptz
)
returns table (imei text, assigned_by text, held_from timestamptz, held_to timestamptz)
language sql stable
begin atomic
  select fn_ticket_vehicles.imei, 'imei', fn_ticket_vehicles.from_time, fn_ticket_vehicles.to_time
  where fn_ticket_vehicles.imei is not null and fn_ticket_vehicles.from_time <= fn_ticket_vehicles.to_time
    and not exists (
      select from tracksolid.devices d where d.imei = fn_ticket_vehicles.imei and d.kind <> 'vehicle'
    )
  union all
  select a.imei, 'driver', greatest(a.valid_from, fn_ticket_vehicles.from_time),
    least(later.valid_from, fn_ticket_vehicles.to_time)
  from tracksolid.driver_assignments a
  join reporting.v_vehicles d on d.imei = a.imei
  left join lateral (
    select n.valid_from from tracksolid.driver_assignments n
    where n.imei = a.imei and n.valid_from > a.valid_from
    order by n.valid_from limit 1
  ) later on true
  where fn_ticket_vehicles.imei is null
    and lower(btrim(a.driver_name)) = lower(btrim(fn_ticket_vehicles.driver_name))
    and a.valid_from <= fn_ticket_vehicles.to_time
    and (later.valid_from > fn_ticket_vehicles.from_time or later.valid_from is null);
end;
comment on function reporting.fn_ticket_vehicles(text, text, timestamptz, timestamptz) is
  'The vehicles a ticket is assigned to in [from_time, to_time], and when: the one it names, else those its driver had (tracksolid.driver_assignments). assigned_by: imei or driver. The one it names may be unknown; canary devices are none.';

create function reporting.fn_visit(
  imei text, lat double precision, lng double precision, from_time timestamptz, to_time timestamptz,
  known_to timestamptz, visit_distance_m real, look_distance_m real, gap_s integer
)
returns table (
  first_within_at timestamptz, last_within_at timestamptz, within_s integer, stood_s integer, unseen_s integer,
  longest_gap_s integer, fixes integer, nearest_m double precision
)
language sql stable
begin atomic
  with edge as (
    -- So many degrees are look_distance_m to the north, and to the east.
    select fn_visit.look_distance_m / 111320 as north,
      fn_visit.look_distance_m / (111320 * greatest(cos(radians(fn_visit.lat)), 0.01)) as east
  ), fix as (
    -- Where it was when the time began.
    select b.*, 'before' as part
    from (
      select h.gps_time, h.lat, h.lng, h.speed_kmh, h.ignition
      from tracksolid.position_history h
      where h.imei = fn_visit.imei and h.gps_time < fn_visit.from_time
        and not h.clock_ahead and (h.pos_type is null or h.pos_type = 'GPS')
      order by h.gps_time desc limit 1
    ) b
    where b.gps_time > fn_visit.from_time - interval '32 days'
    union all
    select h.gps_time, h.lat, h.lng, h.speed_kmh, h.ignition, 'during'
    from edge, tracksolid.position_history h
    where h.imei = fn_visit.imei and h.gps_time >= fn_visit.from_time and h.gps_time <= fn_visit.to_time
      and h.lat between fn_visit.lat - edge.north and fn_visit.lat + edge.north
      and h.lng between fn_visit.lng - edge.east and fn_visit.lng + edge.east
      and not h.clock_ahead and (h.pos_type is null or h.pos_type = 'GPS')
    union all
    -- Where it was next.
    select a.*, 'after'
    from (
      select h.gps_time, h.lat, h.lng, h.speed_kmh, h.ignition
      from tracksolid.position_history h
      where h.imei = fn_visit.imei and h.gps_time > fn_visit.to_time
        and not h.clock_ahead and (h.pos_type is null or h.pos_type = 'GPS')
      order by h.gps_time limit 1
    ) a
    where a.gps_time <= fn_visit.known_to and a.gps_time < fn_visit.to_time + interval '32 days'
    union all
    -- Since its newest fix it stands there with the ignition off, as far as it was heard of.
    select l.contact_at, newest.lat, newest.lng, 0, false, 'heard'
    from tracksolid.live_positions l
    cross join lateral (
      select h.gps_time, h.lat, h.lng from tracksolid.position_history h
      where h.imei = l.imei and h.gps_time > fn_visit.from_time - interval '32 days'
        and not h.clock_ahead and (h.pos_type is null or h.pos_type = 'GPS')
      order by h.gps_time desc limit 1
    ) newest
    where l.imei = fn_visit.imei and l.ignition is false and l.contact_at > newest.gps_time
      and newest.gps_time <= fn_visit.to_time and l.contact_at > fn_visit.from_time
  ), near as (
    -- What lies before and after the time counts as far as it reaches into it.
    select f.*, greatest(least(f.gps_time, fn_visit.to_time), fn_visit.from_time) as at,
      coalesce(f.speed_kmh, 0) <= 3 as stands,
      -- Over ground that is flat at this scale.
      111320 * sqrt((f.lat - fn_visit.lat) ^ 2 + ((f.lng - fn_visit.lng) * cos(radians(fn_visit.lat))) ^ 2) as away_m
    from fix f
  ), step as (
    select n.*, lag(n.gps_time) over t as last_time, lag(n.at) over t as last_at,
      lag(n.stands) over t and lag(n.ignition) over t is not true as was_left, lag(n.stands) over t as stood
    from near n
    where n.away_m <= fn_visit.visit_distance_m
    window t as (order by n.gps_time)
  ), numbered as (
    -- A fix between two that are within was elsewhere, since it is not among them.
    select s.*, count(*) filter (where s.last_time is null or exists (
      select from tracksolid.position_history h
      where h.imei = fn_visit.imei and h.gps_time > s.last_time and h.gps_time < s.gps_time
        and not h.clock_ahead and (h.pos_type is null or h.pos_type = 'GPS')
    )) over (order by s.gps_time) as stay
    from step s
  ), judged as (
    select n.*, row_number() over (partition by n.stay order by n.gps_time) > 1 as goes_on,
      n.gps_time - n.last_time > make_interval(secs => fn_visit.gap_s) as is_gap,
      extract(epoch from n.at - n.last_at) as lasted_s
    from numbered n
  ), stay as (
    select min(j.at) as first_within_at, max(j.at) as last_within_at,
      extract(epoch from max(j.at) - min(j.at))::integer as within_s,
      coalesce(sum(j.lasted_s) filter (
        where j.goes_on and (case when j.is_gap then j.was_left else j.stood and j.stands end)
      ), 0)::integer as stood_s,
      coalesce(sum(j.lasted_s) filter (where j.goes_on and j.is_gap and not j.was_left), 0)::integer as unseen_s,
      coalesce(max(extract(epoch from j.gps_time - j.last_time)) filter (where j.goes_on and j.is_gap), 0)::integer
        as longest_gap_s,
      (count(*) filter (where j.part = 'during'))::integer as fixes, min(j.away_m) as nearest_m
    from judged j
    group by j.stay
    -- Who was there before or after alone was not there.
    having max(j.at) > min(j.at) or bool_or(j.part = 'during')
  ), longest as (
    select * from stay s order by 2 * s.within_s - s.unseen_s desc, s.stood_s desc, s.first_within_at limit 1
  )
  select l.first_within_at, l.last_within_at, coalesce(l.within_s, 0), coalesce(l.stood_s, 0), coalesce(l.unseen_s, 0),
    coalesce(l.longest_gap_s, 0), coalesce(l.fixes, 0), least(l.nearest_m, nearest.away_m)
  from (
    select min(n.away_m) as away_m from near n
    where n.part in ('during', 'heard') and n.away_m <= fn_visit.look_distance_m
  ) nearest
  left join longest l on true
  where l.within_s is not null or exists (select from fix f where f.part in ('during', 'heard')) or exists (
    select from tracksolid.position_history h
    where h.imei = fn_visit.imei and h.gps_time >= fn_visit.from_time and h.gps_time <= fn_visit.to_time
      and not h.clock_ahead and (h.pos_type is null or h.pos_type = 'GPS')
  );
end;
comment on function reporting.fn_visit(text, double precision, double precision, timestamptz, timestamptz, timestamptz, real, real, integer) is
  'The longest stay of a vehicle within visit_distance_m of a place in [from_time, to_time], and how near it came; no row where nobody knows where it was, zeros where it was elsewhere. A stay lasts from fix to fix until one is elsewhere; the steps into and out of the time count as far as they reach into it, where both their ends are within, up to fixes of known_to. stood_s: standing, also over a gap (more than gap_s between two fixes) at whose start it stood with the ignition not on. unseen_s: the other gaps, which count half when stays are compared. longest_gap_s: the longest of either. nearest_m: null beyond look_distance_m. Only fixes of satellites.';

create function reporting.fn_ticket_visits(from_time timestamptz, to_time timestamptz, as_of timestamptz)
returns table (
  kind text, number text, state text, priority text, area text, opened_at timestamptz, due_at timestamptz,
  resolved_at timestamptz, is_open boolean, driver_name text, imei text, assigned_by text, outcome text,
  visited boolean, confidence double precision, first_within_at timestamptz, last_within_at timestamptz,
  within_s integer, stood_s integer, stood boolean, fixes integer, nearest_m double precision, unseen_s integer,
  longest_gap_s integer, has_gap boolean, arrived_in_time boolean
)
language sql stable
begin atomic
  select
    t.kind, t.number, t.state, t.priority, t.area, t.opened_at, t.due_at, t.resolved_at, t.is_open, t.driver_name,
    best.imei, best.assigned_by,
    case
      when not span.is_sound then 'no_time'
      when t.lat is null or t.lng is null then 'no_position'
      when best.imei is null then 'no_vehicle'
      when best.within_s is null then 'no_fixes'
      when best.within_s >= r.visit_time_s then 'visited'
      when best.first_within_at is not null then 'passed'
      else 'elsewhere'
    end,
    best.within_s >= r.visit_time_s,
    case when best.within_s is not null then (
      least((best.within_s - best.unseen_s) / r.visit_time_s::double precision, 1)
        + least(best.within_s / r.visit_time_s::double precision, 1)
    ) / 2 * (1 + least(best.stood_s / r.visit_time_s::double precision, 1)) / 2 end,
    best.first_within_at, best.last_within_at, best.within_s, best.stood_s, best.stood_s > 0, best.fixes,
    best.nearest_m, best.unseen_s, best.longest_gap_s, best.longest_gap_s > 0,
    case when best.within_s >= r.visit_time_s then best.first_within_at <= t.due_at end
  from reporting.v_tickets t
  cross join tracksolid.ticket_rules r
  cross join lateral (
    select least(t.resolved_at, fn_ticket_visits.as_of) as ends_at,
      coalesce(
        isfinite(t.opened_at) and isfinite(least(t.resolved_at, fn_ticket_visits.as_of))
          and t.opened_at <= least(t.resolved_at, fn_ticket_visits.as_of),
        false
      ) as is_sound
  ) span
  left join lateral (
    select a.imei, a.assigned_by, v.*
    from reporting.fn_ticket_vehicles(t.imei, t.driver_name, t.opened_at, span.ends_at) a
    left join lateral reporting.fn_visit(
      a.imei, t.lat, t.lng, a.held_from, a.held_to, fn_ticket_visits.as_of, r.visit_distance_m, r.look_distance_m,
      r.gap_s
    ) v on true
    where span.is_sound and t.lat is not null and t.lng is not null
    order by 2 * v.within_s - v.unseen_s desc nulls last, v.nearest_m, a.held_from desc
    limit 1
  ) best on true
  where t.opened_at >= fn_ticket_visits.from_time and t.opened_at < fn_ticket_visits.to_time
    and t.opened_at <= fn_ticket_visits.as_of;
end;
comment on function reporting.fn_ticket_visits(timestamptz, timestamptz, timestamptz) is
  'Tickets opened in [from_time, to_time) against the fixes of the vehicle they were assigned to, from when they were opened to when they were resolved, at the latest as_of. Grain: ticket; the columns as in reporting.v_ticket_visits. No fix later than as_of is looked at, but the ticket is as it is now.';

create view reporting.v_ticket_visits as
  select * from reporting.fn_ticket_visits('-infinity', 'infinity', 'infinity') v
  where v.resolved_at is not null;
comment on view reporting.v_ticket_visits is 'Resolved tickets against the fixes of the vehicle they were assigned to, between opened and resolved (rules: tracksolid.ticket_rules). Grain: ticket. Ask for some by number, or with reporting.fn_ticket_visits, which also has open ones.';
comment on column reporting.v_ticket_visits.kind is 'INC (incident) or CRQ (change request).';
comment on column reporting.v_ticket_visits.number is 'Number of the ticket.';
comment on column reporting.v_ticket_visits.state is 'State, in the words of the system that has the tickets.';
comment on column reporting.v_ticket_visits.priority is 'Priority, in its words.';
comment on column reporting.v_ticket_visits.area is 'Area or site, in its words.';
comment on column reporting.v_ticket_visits.opened_at is 'When it was opened (UTC).';
comment on column reporting.v_ticket_visits.due_at is 'By when it was to be resolved (UTC).';
comment on column reporting.v_ticket_visits.resolved_at is 'When it was resolved (UTC).';
comment on column reporting.v_ticket_visits.is_open is 'Still to be done.';
comment on column reporting.v_ticket_visits.driver_name is 'Driver it is assigned to.';
comment on column reporting.v_ticket_visits.imei is 'Vehicle it was assigned to; of several that the driver had meanwhile the one that was there longest, else came nearest.';
comment on column reporting.v_ticket_visits.assigned_by is 'How that is known: imei (the ticket names it) or driver (who had it at that time).';
comment on column reporting.v_ticket_visits.outcome is 'visited; passed (within the visit distance, shorter than the visit time); elsewhere; no_fixes (nobody knows where it was); no_vehicle (assigned to none, or its driver had none); no_position; no_time (resolved before it was opened).';
comment on column reporting.v_ticket_visits.visited is 'The vehicle was within the visit distance for the visit time; null where that cannot be said.';
comment on column reporting.v_ticket_visits.confidence is 'How sure a visit is, 0 to 1: the mean of min(1, (within_s - unseen_s) / T) and min(1, within_s / T), times the mean of 1 and min(1, stood_s / T), where T is the visit time. 1: it stood there under our eyes; 0.5: it crept there, never standing; 0.25: all of it lies in gaps. Null where nothing can be said.';
comment on column reporting.v_ticket_visits.first_within_at is 'Beginning of the longest stay within the visit distance (UTC).';
comment on column reporting.v_ticket_visits.last_within_at is 'Its end (UTC).';
comment on column reporting.v_ticket_visits.within_s is 'How long it was, s; gaps between two fixes within are in it.';
comment on column reporting.v_ticket_visits.stood_s is 'Of it standing, s: between two fixes of at most 3 km/h, or over a gap at whose start it stood with the ignition not on.';
comment on column reporting.v_ticket_visits.stood is 'It stood at all.';
comment on column reporting.v_ticket_visits.fixes is 'Fixes of the stay; none where it stood there before and after without one.';
comment on column reporting.v_ticket_visits.nearest_m is 'How near the vehicle came, m; null beyond ticket_rules.look_distance_m.';
comment on column reporting.v_ticket_visits.unseen_s is 'Of the stay in other gaps, s: it may have left and come back.';
comment on column reporting.v_ticket_visits.longest_gap_s is 'The longest time of the stay without a fix, s, where that is a gap (ticket_rules.gap_s); else 0.';
comment on column reporting.v_ticket_visits.has_gap is 'The stay has gaps.';
comment on column reporting.v_ticket_visits.arrived_in_time is 'A visit began before it was due; null without one, or without a due time.';

create function reporting.fn_active_dispatch_map(as_of timestamptz)
returns table (
  kind text, number text, state text, priority text, area text, lat double precision, lng double precision,
  opened_at timestamptz, age_s integer, due_at timestamptz, overdue boolean, driver_name text, imei text,
  assigned_by text, name text, plate text, status text, vehicle_lat double precision, vehicle_lng double precision,
  fix_at timestamptz, distance_km double precision
)
language sql stable
begin atomic
  with live as materialized (
    select * from reporting.fn_live_positions(fn_active_dispatch_map.as_of, interval '24 hours', interval '10 minutes')
  )
  select t.kind, t.number, t.state, t.priority, t.area, t.lat, t.lng, t.opened_at,
    -- Some systems write 1900 where they do not know.
    least(extract(epoch from fn_active_dispatch_map.as_of - t.opened_at), 2147483647)::integer, t.due_at,
    coalesce(t.due_at < fn_active_dispatch_map.as_of, false), t.driver_name, v.imei, v.assigned_by, v.name, v.plate,
    v.status, v.lat, v.lng, v.fix_at,
    -- Over a sphere: an assigned vehicle may be in another city.
    case when v.lat is not null then 2 * 6371 * asin(least(1, sqrt(
      sin(radians(v.lat - t.lat) / 2) ^ 2
        + cos(radians(t.lat)) * cos(radians(v.lat)) * sin(radians(v.lng - t.lng) / 2) ^ 2
    ))) end
  from reporting.v_tickets t
  left join lateral (
    select l.*, a.assigned_by
    from reporting.fn_ticket_vehicles(
      t.imei, t.driver_name, fn_active_dispatch_map.as_of, fn_active_dispatch_map.as_of
    ) a
    join live l on l.imei = a.imei
    order by l.fix_at desc nulls last, l.imei
    limit 1
  ) v on true
  where (t.is_open or t.resolved_at > fn_active_dispatch_map.as_of) and t.opened_at <= fn_active_dispatch_map.as_of
    and isfinite(t.opened_at) and t.lat is not null and t.lng is not null
  order by t.opened_at, t.kind, t.number;
end;
comment on function reporting.fn_active_dispatch_map(timestamptz) is
  'Open tickets that have a place, oldest first, each with the vehicle it is assigned to as it is at as_of: status as in reporting.fn_live_positions, distance_km straight between both, age_s since it was opened, overdue once due_at is over. A ticket without a vehicle on the map has nulls there: assigned to none, to an unknown one, or to one that is left out of maps. Of several that its driver has, the one heard of last. Defined anew from open tickets and live positions: the dispatch table that the view of this name read of old was purged. as_of is meant to be now, or a little earlier.';
