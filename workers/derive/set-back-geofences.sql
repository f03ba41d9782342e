-- Geofences of the list $1, marked by $2, wait behind all others.
update private.dirty_geofences set mark = pg_current_xact_id()
where geofence_id in (select value::integer from json_array_elements_text($1::text::json)) and mark = $2::text::xid8
