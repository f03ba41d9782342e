-- Of the day $1 everything up to version $2 and vehicle $3 is among the roads; $4 whether the day was over when it was read; $5 start of the
-- run, where that leaves nothing of it, else null. A day that is begun anew is not taken until it is done.
insert into private.road_days as r (day, version, imei, is_whole, taken_at)
values ($1::text::date, $2::text::bigint, $3::text, $4::boolean, $5::text::timestamptz)
on conflict (day) do update set
  version = excluded.version, imei = excluded.imei, is_whole = excluded.is_whole,
  taken_at = coalesce(excluded.taken_at, case when r.is_whole = excluded.is_whole then r.taken_at end)
