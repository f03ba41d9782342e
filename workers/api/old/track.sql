-- The way of the vehicle $4, a line for each part without a gap. $1 filters, $2 and $3 from and to.
with span as (
  -- A time without a zone is of the fleet's; a day ends with it.
  select
    case when $2::text ~ '.{10,}(Z|[+-]\d\d:?\d\d)$' then $2::text::timestamptz else $2::text::timestamp at time zone zone end as from_time,
    case when $3::text ~ '.{10,}(Z|[+-]\d\d:?\d\d)$' then $3::text::timestamptz
      else ($3::text::timestamp + case when length($3::text) = 10 then interval '1 day' else interval '0' end) at time zone zone
    end as to_time
  from tracksolid.fleet
), fix as (
  select t.* from span cross join lateral reporting.fn_vehicle_track($4::text, span.from_time, span.to_time) t
  where $4::text in (select reporting.fn_matching_vehicles($1::text::json))
), line as (
  select segment, min(gps_time) as from_time, max(gps_time) as to_time, max(speed_kmh) as max_speed_kmh, count(*) as points,
    json_agg(json_build_array(lng, lat) order by gps_time) as coordinates,
    json_agg(reporting.fn_iso(gps_time) order by gps_time) as times,
    json_agg(speed_kmh order by gps_time) as speeds
  from fix group by segment
)
select json_build_object('type', 'FeatureCollection', 'features', coalesce(json_agg(json_build_object(
  'type', 'Feature',
  -- A line has two ends.
  'geometry', case when points > 1 then json_build_object('type', 'LineString', 'coordinates', coordinates)
    else json_build_object('type', 'Point', 'coordinates', coordinates -> 0) end,
  'properties', json_build_object(
    'imei', $4::text, 'segment', segment, 'start_time', reporting.fn_iso(from_time), 'end_time', reporting.fn_iso(to_time),
    'points', points, 'max_speed_kmh', max_speed_kmh, 'times', times, 'speeds_kmh', speeds
  )
) order by segment), '[]'))::text as body
from line
