-- Computes how much is known of what vehicles did, by the hour, around what changed: the list $1 of vehicles and times.
-- Two fixes of satellites further apart than $2 with a move between them leave a gap: it is noted, found at $3. Up to $4 km/h a
-- vehicle stands.
with changed as (
  select "imei" as imei, "changedFrom" as from_time, "changedTo" as to_time
  from json_to_recordset($1::text::json) as c ("imei" text, "changedFrom" timestamptz, "changedTo" timestamptz)
), around as (
  -- From the hour of the fix before the change to that of the fix after it: the times between fixes change with them.
  select c.imei,
    date_trunc('hour', greatest(coalesce(before.gps_time, c.from_time), c.from_time - interval '32 days')) as from_hour,
    date_trunc('hour', coalesce(after.gps_time, c.to_time)) + interval '1 hour' as to_hour
  from changed c
  left join lateral (
    select gps_time from tracksolid.position_history h
    where h.imei = c.imei and h.gps_time < c.from_time and not h.clock_ahead
      and (h.pos_type is null or h.pos_type = 'GPS')
    order by h.gps_time desc limit 1
  ) before on true
  left join lateral (
    select gps_time from tracksolid.position_history h
    where h.imei = c.imei and h.gps_time > c.to_time and not h.clock_ahead
      and (h.pos_type is null or h.pos_type = 'GPS')
    order by h.gps_time limit 1
  ) after on true
), span as materialized (
  -- Each hour once; not the months between a change of today and one of long ago.
  select imei, lower(hours) as from_hour, upper(hours) as to_hour
  from (
    select imei, unnest(range_agg(tstzrange(from_hour, to_hour))) as hours from around group by imei
  ) touching
), fix as (
  select s.imei, s.from_hour, s.to_hour, h.gps_time, h.lat, h.lng, h.speed_kmh
  from span s
  cross join lateral (
    (
      select gps_time, lat, lng, speed_kmh from tracksolid.position_history h
      where h.imei = s.imei and h.gps_time < s.from_hour and h.gps_time > s.from_hour - interval '32 days'
        and not h.clock_ahead and (h.pos_type is null or h.pos_type = 'GPS')
      order by h.gps_time desc limit 1
    )
    union all
    select gps_time, lat, lng, speed_kmh from tracksolid.position_history h
    where h.imei = s.imei and h.gps_time >= s.from_hour and h.gps_time < s.to_hour and not h.clock_ahead
      and (h.pos_type is null or h.pos_type = 'GPS')
    union all
    (
      select gps_time, lat, lng, speed_kmh from tracksolid.position_history h
      where h.imei = s.imei and h.gps_time >= s.to_hour and not h.clock_ahead
        and (h.pos_type is null or h.pos_type = 'GPS')
      order by h.gps_time limit 1
    )
  ) h
), pair as (
  select imei, from_hour, to_hour, gps_time as from_time, speed_kmh, lat, lng,
    lead(gps_time) over w as to_time, lead(speed_kmh) over w as next_speed_kmh,
    lead(lat) over w as next_lat, lead(lng) over w as next_lng
  from fix
  window w as (partition by imei, from_hour order by gps_time)
), step as (
  select imei, from_hour, to_hour, from_time, to_time, to_time - from_time > $2::text::interval as is_gap
  from pair
  cross join lateral (
    -- Metres, over ground that is flat at this scale.
    select 111320 * sqrt((next_lat - lat) ^ 2 + ((next_lng - lng) * cos(radians(lat))) ^ 2) as distance_m
  ) moved
  where to_time > from_time and case
    when to_time - from_time > $2::text::interval then distance_m > 200
    else coalesce(speed_kmh, 0) > $4::real or coalesce(next_speed_kmh, 0) > $4::real or distance_m > 100
  end
), noted as (
  insert into tracksolid.coverage_gaps as g (imei, gap_from, gap_to, reason, found_at, next_try_at)
  -- One between two spans shows in both.
  select distinct imei, from_time, to_time, 'moved', $3::text::timestamptz, $3::text::timestamptz
  from step where is_gap
  order by imei, from_time
  -- It may be longer than it was when it was asked for. Of one in which there were fixes the rest may be missing still.
  on conflict (imei, gap_from) do update set
    gap_to = excluded.gap_to, reason = excluded.reason, state = 'open', points = null, closed_at = null,
    asked_run = null, next_try_at = excluded.next_try_at
    where case g.state when 'filled' then g.gap_to > excluded.gap_to else g.gap_to < excluded.gap_to end
), hour as (
  select s.imei, hour,
    s.is_gap,
    exists (
      select from tracksolid.coverage_gaps g
      where g.imei = s.imei and g.state = 'filled' and g.gap_from <= s.from_time and g.gap_to >= s.to_time
    ) as is_recovered,
    extract(epoch from least(s.to_time, hour + interval '1 hour') - greatest(s.from_time, hour)) as seconds
  from step s
  cross join lateral generate_series(
    greatest(date_trunc('hour', s.from_time), s.from_hour),
    least(s.to_time, s.to_hour) - interval '1 microsecond', interval '1 hour'
  ) as hour
), account as materialized (
  select imei, hour,
    coalesce(sum(seconds) filter (where not is_gap and not is_recovered), 0)::integer as have_s,
    coalesce(sum(seconds) filter (where not is_gap and is_recovered), 0)::integer as recovered_s,
    coalesce(sum(seconds) filter (where is_gap), 0)::integer as missing_s
  from hour
  group by imei, hour
), emptied as (
  delete from reporting.coverage_hours k
  using span s
  where k.imei = s.imei and k.hour >= s.from_hour and k.hour < s.to_hour
    and not exists (select from account a where a.imei = k.imei and a.hour = k.hour)
)
insert into reporting.coverage_hours as k (imei, hour, have_s, recovered_s, missing_s)
select imei, hour, have_s, recovered_s, missing_s from account
order by imei, hour
on conflict (imei, hour) do update
  set have_s = excluded.have_s, recovered_s = excluded.recovered_s, missing_s = excluded.missing_s
  where (k.have_s, k.recovered_s, k.missing_s)
    is distinct from (excluded.have_s, excluded.recovered_s, excluded.missing_s)
