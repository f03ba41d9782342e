-- A page of tickets of kind $1 as they are at $2, newest first: as JSON, or where $3 as GeoJSON features of those that have a
-- place. $4 the only number that is wanted, or null. Filters: $5, $6 opened in that time, either null; $7 open or resolved;
-- $8 areas (JSON list); $9 vehicles (JSON); $10 drivers (JSON list). At most $11, before the one opened at $12 with number $13,
-- or null. Of open ones the $14 nearest vehicles, silent after $15 s, stale after $16 s. Visits are looked for in tickets that
-- lasted $17 days at most; a page ends early where these add up to more than $18 days, since each is so much to read.
with found as materialized (
  (
    select t.* from reporting.v_tickets t
    where $4::text is null and t.kind = $1 and isfinite(t.opened_at)
      and ($5::text is null or t.opened_at >= $5::text::timestamptz)
      and ($6::text is null or t.opened_at < $6::text::timestamptz)
      and ($12::text is null or (t.opened_at, t.number) < ($12::text::timestamptz, $13::text))
      and ($7::text is distinct from 'open' or t.is_open) and ($7::text is distinct from 'resolved' or not t.is_open)
      and ($8::text is null or t.area in (select json_array_elements_text($8::text::json)))
      and (not $3::boolean or (t.lat is not null and t.lng is not null))
      and ($9::text = '{}' or exists (
        select from reporting.fn_ticket_vehicles(
          t.imei, t.driver_name, t.opened_at, greatest(t.opened_at, least(t.resolved_at, $2::text::timestamptz))
        ) a
        where a.imei in (select reporting.fn_matching_vehicles($9::text::json))
      ))
      and ($10::text is null or lower(btrim(coalesce(t.driver_name, (
        select drove.driver_name from reporting.fn_driver_at(t.imei, t.opened_at) drove
      )))) in (select lower(btrim(wanted)) from json_array_elements_text($10::text::json) as wanted))
    order by t.opened_at desc, t.number desc
    limit $11::int + 1
  )
  union all
  (
    select t.* from reporting.v_tickets t
    where t.kind = $1 and t.number = $4::text
    limit 1
  )
), lasting as (
  select f.*, row_number() over w as place, d.days <= $17::int as is_looked_at,
    sum(case when d.days <= $17::int and f.lat is not null and coalesce(f.imei, f.driver_name) is not null then d.days end)
      over w as days_so_far
  from found f
  cross join lateral (
    -- One without times has no time to be visited in.
    select case when isfinite(f.opened_at) and isfinite(least(f.resolved_at, $2::text::timestamptz))
      then greatest(extract(epoch from least(f.resolved_at, $2::text::timestamptz) - f.opened_at) / 86400, 0) else 0
    end as days
  ) d
  window w as (order by f.opened_at desc, f.number desc)
), page as (
  select * from lasting
  where place <= $11::int and (place = 1 or coalesce(days_so_far, 0) <= $18::int)
), live as materialized (
  select * from reporting.fn_live_positions(
    $2::text::timestamptz, make_interval(secs => $15::float8), make_interval(secs => $16::float8)
  ) where lat is not null
), ticket as (
  select p.number, p.opened_at, p.lat, p.lng, json_build_object(
      'number', p.number, 'state', p.state, 'isOpen', p.is_open, 'priority', p.priority, 'area', p.area, 'lat', p.lat,
      'lng', p.lng,
      'openedAt', reporting.fn_iso(p.opened_at),
      'dueAt', reporting.fn_iso(p.due_at),
      'isOverdue', p.is_open and coalesce(p.due_at < $2::text::timestamptz, false),
      'resolvedAt', reporting.fn_iso(p.resolved_at),
      'driver', p.driver_name, 'imei', p.imei,
      'visit', visit.told,
      'nearest', nearest.vehicles
    )::text as told
  from page p
  left join lateral (
    select json_build_object(
      'outcome', v.outcome, 'visited', v.visited, 'confidence', v.confidence, 'imei', v.imei, 'name', d.name,
      'plate', d.plate, 'assignedBy', v.assigned_by,
      'arrivedAt', reporting.fn_iso(v.first_within_at),
      'leftAt', reporting.fn_iso(v.last_within_at),
      'durationS', v.within_s, 'stoodS', v.stood_s, 'unseenS', v.unseen_s, 'longestGapS', v.longest_gap_s,
      'hasGap', v.has_gap, 'fixes', v.fixes, 'nearestM', v.nearest_m, 'arrivedInTime', v.arrived_in_time
    ) as told
    from reporting.fn_ticket_visits(p.opened_at, p.opened_at + interval '1 microsecond', $2::text::timestamptz) v
    left join reporting.v_vehicles d on d.imei = v.imei
    where p.is_looked_at and v.kind = $1 and v.number = p.number and (not $3::boolean or d.hidden_on_map is not true)
    limit 1
  ) visit on true
  left join lateral (
    select json_agg(json_build_object(
      'imei', n.imei, 'name', n.name, 'plate', n.plate, 'driver', n.driver, 'status', n.status, 'lat', n.lat,
      'lng', n.lng, 'distanceKm', round(n.distance_km::numeric, 3),
      'fixAt', reporting.fn_iso(n.fix_at),
      'fixAgeS', greatest(extract(epoch from $2::text::timestamptz - n.fix_at), 0)::int
    ) order by n.distance_km, n.imei) as vehicles
    from (
      -- Over a sphere: the nearest may be in another city.
      select l.*, 2 * 6371 * asin(least(1, sqrt(
        sin(radians(l.lat - p.lat) / 2) ^ 2
          + cos(radians(p.lat)) * cos(radians(l.lat)) * sin(radians(l.lng - p.lng) / 2) ^ 2
      ))) as distance_km
      from live l
      where $14::int > 0 and p.is_open and p.lat is not null
      order by distance_km, l.imei
      limit $14::int
    ) n
  ) nearest on true
)
select
  '[' || coalesce(string_agg(
    case when $3::boolean
      then '{"type":"Feature","id":' || to_json(number) || ',"geometry":'
        || coalesce(json_build_object('type', 'Point', 'coordinates', json_build_array(lng, lat))::text, 'null')
        || ',"properties":' || told || '}'
      else told
    end, ',' order by opened_at desc, number desc
  ), '') || ']' as entries,
  case when count(*) < (select count(*) from found) then (
    select json_build_array(to_char(p.opened_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), p.number)
    from page p order by p.opened_at, p.number limit 1
  ) end as last
from ticket
