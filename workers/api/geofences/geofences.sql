-- A page of geofences after number $1, at most $2 of them: as JSON, or as GeoJSON features where $3. $4 the only one that is
-- wanted, or null. Filters: $5 kinds (JSON list), $6 LIKE pattern of the name, $7 disabled ones too, $8 box (JSON list: west,
-- south, east, north). A page ends early where its geometries, as they are stored, have more than $9 bytes.
with found as materialized (
  select g.*, pg_column_size(g.geometry) as bytes
  from tracksolid.geofences g
  where g.geofence_id >= coalesce($4::int, $1::int + 1) and g.geofence_id <= coalesce($4::int, 2147483647)
    and ($5::text is null or g.kind in (select json_array_elements_text($5::text::json)))
    and ($6::text is null or g.name ilike $6)
    and (g.enabled or $7::boolean)
    and ($8::text is null or (
      g.max_lat >= ($8::text::json ->> 1)::float8 and g.min_lat <= ($8::text::json ->> 3)::float8
      and case when ($8::text::json ->> 0)::float8 <= ($8::text::json ->> 2)::float8
        then g.max_lng >= ($8::text::json ->> 0)::float8 and g.min_lng <= ($8::text::json ->> 2)::float8
        -- A box over the antimeridian.
        else g.max_lng >= ($8::text::json ->> 0)::float8 or g.min_lng <= ($8::text::json ->> 2)::float8
      end
    ))
  order by g.geofence_id
  limit $2::int + 1
), page as (
  select * from (
    select f.*, row_number() over w as number, sum(f.bytes) over w as bytes_so_far
    from found f
    window w as (order by f.geofence_id)
  ) f
  where f.number <= $2::int and (f.number = 1 or f.bytes_so_far <= $9::int)
), fence as (
  select p.geofence_id, p.geometry, (extract(epoch from p.changed_at) * 1000000)::bigint::text as revision,
    json_build_object(
      'id', p.geofence_id, 'name', p.name, 'kind', p.kind, 'radiusM', p.radius_m, 'enabled', p.enabled,
      'rejoinS', p.rejoin_s, 'minStayS', p.min_stay_s,
      'bbox', json_build_array(p.min_lng, p.min_lat, p.max_lng, p.max_lat),
      'createdAt', reporting.fn_iso(p.created_at),
      'changedAt', reporting.fn_iso(p.changed_at)
    )::text as told
  from page p
)
select
  '[' || coalesce(string_agg(
    case when $3::boolean
      then '{"type":"Feature","id":' || geofence_id || ',"geometry":' || geometry || ',"properties":' || told || '}'
      else left(told, -1) || ',"geometry":' || geometry || '}'
    end, ',' order by geofence_id
  ), '') || ']' as entries,
  case when count(*) < (select count(*) from found) then json_build_array(max(geofence_id)) end as last,
  max(revision) as revision
from fence
