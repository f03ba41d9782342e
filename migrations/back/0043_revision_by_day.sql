-- Loses nothing.

alter function reporting.fn_driver_clock_today(timestamptz) reset jit;

create or replace function reporting.fn_revision(from_day date, to_day date, imeis text[] default null)
returns text
language sql stable
as $$
  select md5(concat_ws(' ',
    -- Versions only grow: a day that is new or was computed again has a higher one, and one that is gone is missing from the count.
    (select concat_ws(' ', count(*), sum(v.version), max(v.version)) from reporting.day_versions v
     where v.day between from_day and to_day and (imeis is null or v.imei = any(imeis))),
    (select concat_ws(' ', count(*), max(d.changed_at)) from tracksolid.devices d
     where imeis is null or d.imei = any(imeis)),
    (select zone from tracksolid.fleet)
  ))
$$;

drop index reporting.day_versions_day_idx;
