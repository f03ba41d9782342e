-- A page of what the live map mirrors, as one JSON text: vehicles whose device or live position changed after $1 (null:
-- all), with IMEIs after $2 (empty: from the first), at most $3. Both halves of each come, changed or not.
-- The counts are of the whole tables: what was deleted shows only there.
with page as (
  select imei from (
    (select imei from tracksolid.devices
      where imei > $2 and ($1::text is null or changed_at > $1::timestamptz) order by imei limit $3::int)
    union
    (select imei from tracksolid.live_positions
      where imei > $2 and ($1::text is null or changed_at > $1::timestamptz) order by imei limit $3::int)
  ) changed
  order by imei
  limit $3::int
)
select json_build_object(
  'readAt', to_char(statement_timestamp() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
  'registryCount', (select count(*) from tracksolid.devices),
  'positionCount', (select count(*) from tracksolid.live_positions),
  'registries', coalesce(
    (select json_agg(tracksolid.registry_facts(d)) from page join tracksolid.devices d using (imei)), '[]'),
  'positions', coalesce(
    (select json_agg(tracksolid.position_facts(l)) from page join tracksolid.live_positions l using (imei)), '[]'),
  'next', (select max(imei) from page having count(*) = $3::int)
)::text as body
