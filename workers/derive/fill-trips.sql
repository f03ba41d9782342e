-- Finds in the track what the vendor left out of trips: their places, highest speed and idle time. For the days of
-- vehicles in the list $1, and of those the trips in whose time something changed. Found again, should late points tell
-- more. Fixes further apart than $2 say nothing about the time between them; up to $3 km/h a vehicle stands.
with changed as (
  select * from json_to_recordset($1::text::json) as c (
    "imei" text, "changedFrom" timestamptz, "changedTo" timestamptz
  )
), trip as (
  select distinct on (t.imei, t.start_time) t.*,
    (t.start_lat is null or t.filled & 1 > 0) as wants_start,
    (t.end_lat is null or t.filled & 2 > 0) as wants_end,
    (t.max_speed_kmh is null or t.filled & 4 > 0) as wants_speed,
    (t.idle_time_s is null or t.filled & 8 > 0) as wants_idle
  from changed c
  join tracksolid.trips t on t.imei = c."imei" and t.start_time <= c."changedTo" + interval '5 minutes'
    and t.start_time > c."changedFrom" - interval '32 days' and t.end_time >= c."changedFrom" - interval '5 minutes'
), found as (
  select
    t.imei, t.start_time, t.wants_start, t.wants_end, t.wants_speed, t.wants_idle,
    first.lat as start_lat, first.lng as start_lng, last.lat as end_lat, last.lng as end_lng,
    track.max_speed_kmh, track.idle_time_s
  from trip t
  left join lateral (
    select h.lat, h.lng from tracksolid.position_history h
    where t.wants_start and h.imei = t.imei and not h.clock_ahead and (h.pos_type is null or h.pos_type = 'GPS')
      and h.gps_time between t.start_time - interval '1 minute' and least(t.end_time, t.start_time + interval '5 minutes')
    order by h.gps_time limit 1
  ) first on true
  left join lateral (
    select h.lat, h.lng from tracksolid.position_history h
    where t.wants_end and h.imei = t.imei and not h.clock_ahead and (h.pos_type is null or h.pos_type = 'GPS')
      and h.gps_time between greatest(t.start_time, t.end_time - interval '5 minutes') and t.end_time + interval '1 minute'
    order by h.gps_time desc limit 1
  ) last on true
  left join lateral (
    select
      max(speed_kmh) as max_speed_kmh,
      case when count(speed_kmh) > 0 then coalesce(
        round(sum(extract(epoch from next_time - gps_time)) filter (
          where speed_kmh <= $3::real and next_time - gps_time <= $2::text::interval
        )), 0
      )::integer end as idle_time_s
    from (
      select h.speed_kmh, h.gps_time, lead(h.gps_time, 1, t.end_time) over (order by h.gps_time) as next_time
      from tracksolid.position_history h
      where (t.wants_speed or t.wants_idle) and h.imei = t.imei and not h.clock_ahead
        and (h.pos_type is null or h.pos_type = 'GPS')
        and h.gps_time between t.start_time and t.end_time
    ) fix
  ) track on true
  where t.wants_start or t.wants_end or t.wants_speed or t.wants_idle
), filling as (
  select
    imei, start_time,
    wants_start and start_lat is not null as fills_start, start_lat, start_lng,
    wants_end and end_lat is not null as fills_end, end_lat, end_lng,
    wants_speed and max_speed_kmh is not null as fills_speed, max_speed_kmh,
    wants_idle and idle_time_s is not null as fills_idle, idle_time_s
  from found
  order by imei, start_time
)
update tracksolid.trips t set
  start_lat = case when f.fills_start then f.start_lat else t.start_lat end,
  start_lng = case when f.fills_start then f.start_lng else t.start_lng end,
  end_lat = case when f.fills_end then f.end_lat else t.end_lat end,
  end_lng = case when f.fills_end then f.end_lng else t.end_lng end,
  max_speed_kmh = case when f.fills_speed then f.max_speed_kmh else t.max_speed_kmh end,
  idle_time_s = case when f.fills_idle then f.idle_time_s else t.idle_time_s end,
  filled = t.filled | fills_start::int | (fills_end::int << 1) | (fills_speed::int << 2) | (fills_idle::int << 3)
from filling f
where t.imei = f.imei and t.start_time = f.start_time and (
  f.fills_start and (t.start_lat, t.start_lng) is distinct from (f.start_lat, f.start_lng)
  or f.fills_end and (t.end_lat, t.end_lng) is distinct from (f.end_lat, f.end_lng)
  or f.fills_speed and t.max_speed_kmh is distinct from f.max_speed_kmh
  or f.fills_idle and t.idle_time_s is distinct from f.idle_time_s
)
