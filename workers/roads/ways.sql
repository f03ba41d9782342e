-- Where vehicles $1 (JSON list) drove on the day $2 of the fleet, or on that part of it that was received since $3 (null: all of it): each
-- with its pieces as JSON, lists of longitude and latitude in turn, in millionths of a degree. The ten minutes before are read, too, so
-- that a way over midnight has no hole. A piece ends where the way to the next fix is not known: further than a line may be straight,
-- or round a corner, or faster than a vehicle is. Of fixes that stand, at most $4 km/h, only the first is kept of each thousandth of a
-- degree: who creeps along for an hour goes round corners, too.
select w.imei, drawn.pieces
from json_array_elements_text($1::text::json) w (imei)
cross join lateral (
  select $2::text::date::timestamp at time zone f.zone as from_time, ($2::text::date + 1)::timestamp at time zone f.zone as to_time
  from tracksolid.fleet f
) d
cross join lateral (
  select case when $3::text is null then d.from_time else (
    select min(h.gps_time) from tracksolid.position_history h
    where h.imei = w.imei and h.gps_time >= d.from_time and h.gps_time < d.to_time and h.received_at >= $3::text::timestamptz
  ) end as since
) s
cross join lateral (
  select '[[' || string_agg(
    concat(case when number = 1 then '' when is_cut then '],[' else ',' end, (lng * 1e6)::bigint, ',', (lat * 1e6)::bigint), '' order by number
  ) || ']]' as pieces
  from (
    select f.*, apart_m > 1000 or apart_m > 200 and after_s > 120 or apart_m > 100 and apart_m > 60 * after_s as is_cut
    from (
      select h.lng, h.lat, row_number() over o as number,
        coalesce(h.speed_kmh <= $4::int and lag(h.speed_kmh) over o <= $4::int
          and floor(h.lat * 1000) = lag(floor(h.lat * 1000)) over o and floor(h.lng * 1000) = lag(floor(h.lng * 1000)) over o, false) as stands,
        extract(epoch from h.gps_time - lag(h.gps_time) over o) as after_s,
        111320 * sqrt((h.lat - lag(h.lat) over o) ^ 2 + ((h.lng - lag(h.lng) over o) * cos(radians(h.lat))) ^ 2) as apart_m
      from tracksolid.position_history h
      where h.imei = w.imei and h.gps_time >= s.since - interval '10 minutes' and h.gps_time < d.to_time
        and not h.clock_ahead and (h.pos_type is null or h.pos_type = 'GPS')
      window o as (order by h.gps_time)
    ) f
  ) p
  where is_cut or not stands
) drawn
where drawn.pieces is not null
