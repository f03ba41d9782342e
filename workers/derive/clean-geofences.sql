-- Geofences of the list $1 that were marked by $2 and were computed from the vehicle $3 and its hour $4 on have come to the
-- vehicle $5 and its hour $6; without these they are done. One that changed meanwhile begins anew.
with computed as (
  select d.geofence_id from private.dirty_geofences d
  where d.geofence_id in (select value::integer from json_array_elements_text($1::text::json))
    and d.mark = $2::text::xid8 and d.done_imei = $3 and d.done_to = $4::text::timestamptz
  order by d.geofence_id
  for update
), moved as (
  update private.dirty_geofences d set done_imei = $5::text, done_to = $6::text::timestamptz
  from computed c where d.geofence_id = c.geofence_id and $5::text is not null
)
delete from private.dirty_geofences d using computed c where d.geofence_id = c.geofence_id and $5::text is null
