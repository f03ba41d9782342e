-- The day $2 of the vehicle $1, marked by $3, waits behind all others.
update private.dirty_days set mark = pg_current_xact_id()
where imei = $1 and day = $2::text::date and mark = $3::text::xid8
