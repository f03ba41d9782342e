-- The next days of vehicles whose ways are to be put among the roads, as of $1: of the newest day of the last $2 that has any left, in
-- the order of their versions, as many as have $3 fixes together (one at least), at most $4. A day is taken as it goes on, of
-- which what came since `since` suffices; and once more as a whole when it is over, so that nothing rests on when a fix came.
-- Of 15,000 vehicles and 120 days (1.8 million versions), where nothing is left: 12 ms. With `exists` for the first row of a day it
-- was 2.1 s, since all versions were merged with the days; and with a plain join to vehicle_day that was read as a whole.
with clock as (
  select ($1::text::timestamptz at time zone f.zone)::date as today from tracksolid.fleet f
), pending as materialized (
  select d.day, d.day < c.today as is_over, a.version, a.imei, case when d.day = c.today then r.taken_at end as taken_at
  from clock c
  cross join lateral (select c.today - n as day from generate_series(0, $2::int - 1) n) d
  left join private.road_days r on r.day = d.day
  cross join lateral (
    select case when k.is_known then r.version else 0 end as version, case when k.is_known then r.imei else '' end as imei
    from (select r.day is not null and (r.is_whole or d.day = c.today) as is_known) k
  ) a
  cross join lateral (
    select from reporting.day_versions v
    where v.day = d.day and v.version >= a.version and (v.version, v.imei) > (a.version, a.imei)
    limit 1
  ) v
  order by d.day desc
  limit 1
), listed as (
  select p.*, v.version as own_version, v.imei as own_imei, coalesce(k.fixes, 0) as fixes, d.imei is not null and k.moving_s > 0 as is_driven,
    row_number() over w as number, sum(case when d.imei is not null and k.moving_s > 0 then k.fixes else 0 end) over w as fixes_so_far
  from pending p
  join lateral (
    select v.imei, v.version from reporting.day_versions v
    where v.day = p.day and v.version >= p.version and (v.version, v.imei) > (p.version, p.imei)
    order by v.version, v.imei
    limit $4::int
  ) v on true
  left join lateral (select k.fixes, k.moving_s from reporting.vehicle_day k where k.imei = v.imei and k.day = p.day limit 1) k on true
  -- Who is hidden on maps leaves no line there.
  left join tracksolid.devices d on d.imei = v.imei and d.kind = 'vehicle' and not d.hidden_on_map
  window w as (order by v.version, v.imei rows unbounded preceding)
)
select day::text as day, is_over as "isOver", own_imei as imei, own_version::text as version, coalesce(is_driven, false) as "isDriven",
  case when taken_at is not null then to_char(taken_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') end as "takenAt",
  number = (select count(*) from listed) and number < $4::int as "isLast"
from listed
where number = 1 or fixes_so_far <= $3::int
order by number
