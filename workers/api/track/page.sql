-- A page of the way of vehicle $1 in [$2, $3): at most $4 fixes. $5 what the page before said of its end (JSON, {} for the first), with
-- whose last fix this one begins: lines meet there. $6 metres that lines may be off, 0 for every fix. $7 form of the lines: geojson,
-- gpx, kml, csv, or none for stops alone. $8 gap and $9 stop in seconds, $10 km/h above which a vehicle moves.
-- A gap is one of reporting.fn_vehicle_track. Fixes stand together that are slow and at most 100 m apart, over a long time 200.
-- Measured on a day of 8,519 fixes: 25 ms without lines, 46 as GeoJSON or KML, 60 as GPX or simplified to 10 m, 74 as CSV. As segments and
-- stops hang on the steps before, reporting.fn_vehicle_track is called for what may be left out alone.
with began as materialized (
  select * from json_to_record($5::text::json) as began (
    "at" timestamptz, "segment" integer, "stops" integer, "since" timestamptz, "lat" double precision, "lng" double precision
  )
), read as (
  select h.gps_time as at, h.lat, h.lng, h.speed_kmh, h.heading_deg, h.altitude_m, h.ignition, h.odometer_km
  from tracksolid.position_history h
  -- Spelled out, so that the planner knows how little it is and reads it in the order of the key.
  where h.imei = $1 and h.gps_time >= coalesce(($5::text::json ->> 'at')::timestamptz, $2::text::timestamptz)
    and h.gps_time < $3::text::timestamptz and not h.clock_ahead and (h.pos_type is null or h.pos_type = 'GPS')
  order by h.gps_time
  limit $4::int + 1
), step as (
  -- No two are of one time, so windows need not look for peers.
  select r.*, row_number() over w as n, coalesce(r.at = (select "at" from began), false) as is_known,
    r.at - lag(r.at) over w > make_interval(secs => $8::int) as is_long,
    111320 * sqrt((r.lat - lag(r.lat) over w) ^ 2 + ((r.lng - lag(r.lng) over w) * cos(radians(r.lat))) ^ 2) as apart_m,
    greatest(r.speed_kmh, lag(r.speed_kmh) over w, 0) <= $10::int as is_slow
  from read r
  window w as (order by r.at rows unbounded preceding)
), fix as materialized (
  select s.*, coalesce(is_long and apart_m > 200, false) as is_gap,
    coalesce((select "segment" from began), 1) + count(*) filter (where is_long and apart_m > 200) over w as segment,
    count(*) filter (where apart_m is null or apart_m > case when is_long then 200 when is_slow then 100 else -1 end) over w as run
  from step s
  window w as (order by s.at rows unbounded preceding)
), run as (
  select run, min(at) as began_at, max(at) as until from fix group by run
), stop as materialized (
  select r.run, k.goes_on, r.until, k.since, coalesce(case when r.run = 1 then b."lat" end, f.lat) as lat,
    coalesce(case when r.run = 1 then b."lng" end, f.lng) as lng,
    coalesce(b."stops", 0) + count(*) filter (where not k.goes_on) over (order by r.run) as number
  from run r
  cross join began b
  cross join lateral (
    select r.run = 1 and b."since" is not null as goes_on, coalesce(case when r.run = 1 then b."since" end, r.began_at) as since
  ) k
  join fix f on f.at = r.began_at
  where r.until - k.since >= make_interval(secs => $9::int)
), page as materialized (
  select p.*, p.is_last or p.last_run in (select run from stop)
    -- Nothing else would be shown, and the next page were this one.
    or not exists (select from fix f where f.run < p.last_run and not f.is_known) as is_whole
  from (select count(*) <= $4::int as is_last, max(run) as last_run from fix) p
), shown as materialized (
  -- Fixes that may yet be part of a stop are left to the next page.
  select f.* from fix f cross join page p where p.is_whole or f.run < p.last_run
), last as materialized (
  select at, segment, run from shown where n = (select max(n) from shown)
), simplified as materialized (
  select t.gps_time as at
  from (select min(at) as first, max(at) as last from shown) b
  cross join lateral reporting.fn_vehicle_track(
    $1, b.first, b.last + interval '1 microsecond', $6::float8, make_interval(secs => $8::int)) t
  where $6::float8 > 0
), drawn as not materialized (
  select s.* from shown s
  where $6::float8 <= 0 or s.at in (select at from simplified union all select since from stop union all select until from stop)
), line as materialized (
  select d.segment, min(d.at) as since, max(d.at) as until
  from drawn d
  group by d.segment
  -- One fix alone is a line's end that has been drawn, or will be with the next page, unless there are gaps on both sides.
  having count(*) > 1 or not bool_or(d.is_known) and (
    d.segment < (select segment from last) or (select is_last from page)
    or (select f.is_gap from fix f where f.n > max(d.n) order by f.n limit 1)
  )
)
select case $7
  when 'geojson' then (
    -- Put together as text: as JSON each of thousands of numbers would be looked at three times, and reporting.fn_iso takes
    -- three times as long as a cast.
    select string_agg(concat(
      '{"type" : "Feature", "geometry" : {"type" : "', case when is_line then 'LineString", "coordinates" : [' else 'Point", "coordinates" : ' end,
      '[', places, ']', case when is_line then ']' end, '}, "properties" : {"kind" : "', case when is_line then 'line' else 'fix' end,
      '", "segment" : ', segment, ', "coordTimes" : ["', replace(times, ' ', 'T'), 'Z"], "speedsKmh" : [', speeds, ']}}'
    ), ',' order by segment)
    from (
      select segment, count(*) > 1 as is_line, string_agg(lng || ',' || lat, '],[') as places,
        string_agg(left((at at time zone 'UTC')::text, 19), 'Z","') as times,
        string_agg(coalesce(speed_kmh::text, 'null'), ',') as speeds
      from (select segment, n, lng, lat, at, speed_kmh from drawn where segment in (select segment from line) order by segment, n) d
      group by segment
    ) l
  )
  when 'kml' then (
    select string_agg(concat(
      '<Placemark><name>', segment, '</name><TimeSpan>', to_char(since at time zone 'UTC', '"<begin>"YYYY-MM-DD"T"HH24:MI:SS"Z</begin>"'),
      to_char(until at time zone 'UTC', '"<end>"YYYY-MM-DD"T"HH24:MI:SS"Z</end>"'), '</TimeSpan>',
      case when since < until then '<LineString><tessellate>1</tessellate><coordinates>' else '<Point><coordinates>' end, places,
      case when since < until then '</coordinates></LineString>' else '</coordinates></Point>' end, '</Placemark>'
    ), '' order by segment)
    from (
      select segment, since, until, string_agg(concat(lng::numeric, ',', lat::numeric), ' ' order by n) as places
      from line join drawn using (segment)
      group by segment, since, until
    ) l
  )
  when 'gpx' then (
    select string_agg(concat(
      case when d.is_gap then '</trkseg><trkseg>' end, '<trkpt lat="', d.lat::numeric, '" lon="', d.lng::numeric, '">',
      '<ele>' || d.altitude_m::numeric || '</ele>', to_char(d.at at time zone 'UTC', '"<time>"YYYY-MM-DD"T"HH24:MI:SS"Z</time>"'),
      '</trkpt>'
    ), '' order by d.n)
    from drawn d where not d.is_known
  )
  when 'csv' then (
    select string_agg(concat(
      reporting.fn_iso(d.at), ',', d.lat::numeric, ',', d.lng::numeric, ',',
      d.speed_kmh::numeric, ',', d.heading_deg, ',', d.altitude_m::numeric, ',', case when d.ignition then 'true' when not d.ignition then 'false' end,
      ',', d.odometer_km::numeric, ',', d.segment, ',', s.number, E'\r\n'
    ), '' order by d.n)
    from drawn d left join stop s on s.run = d.run where not d.is_known
  )
end as lines,
(
  select json_agg(json_build_object(
    'number', s.number, 'lat', s.lat, 'lng', s.lng,
    'from', reporting.fn_iso(s.since),
    'to', reporting.fn_iso(s.until),
    'durationS', extract(epoch from s.until - s.since)::integer,
    'place', coalesce((
      select k.address from tracksolid.parking_events k
      where k.imei = $1 and k.start_time < s.until and k.start_time > s.since - interval '32 days'
        and coalesce(k.end_time, 'infinity') > s.since and k.address is not null
      order by k.start_time desc limit 1
    ), (select c.address from tracksolid.geocode_cache c where c.cell = tracksolid.cell_of(s.lat, s.lng)))
  ) order by s.run)::text
  -- Those whose end is known.
  from stop s cross join page p
  where p.is_last or s.run < p.last_run
) as stops,
(
  select json_build_object(
    'at', to_char(l.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), 'segment', l.segment,
    'stops', coalesce((select max(number) from stop), b."stops", 0),
    'since', to_char(s.since at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), 'lat', s.lat, 'lng', s.lng
  )::text
  from last l
  cross join began b
  cross join page p
  left join stop s on s.run = l.run and s.run = p.last_run
  where not p.is_last
) as ended
