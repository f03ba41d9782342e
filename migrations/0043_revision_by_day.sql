-- A revision was read from every day of every vehicle of its period.

-- Versions only grow and none is ever taken away, so the newest of each day says whether anything of it changed.
create index day_versions_day_idx on reporting.day_versions (day, version);

create or replace function reporting.fn_revision(from_day date, to_day date, imeis text[] default null)
returns text
language sql stable
as $$
  select md5(concat_ws(' ',
    case when imeis is null then (
      select max(newest.version)
      from generate_series(0, to_day - from_day) n
      cross join lateral (
        select v.version from reporting.day_versions v where v.day = from_day + n order by v.version desc limit 1
      ) newest
    ) else (
      select max(v.version) from reporting.day_versions v
      where v.day between from_day and to_day and v.imei = any(imeis)
    ) end,
    (select concat_ws(' ', count(*), max(d.changed_at)) from tracksolid.devices d
     where imeis is null or d.imei = any(imeis)),
    (select zone from tracksolid.fleet)
  ))
$$;

-- Planned where today is asked for: a setting of its own keeps the planner from taking it into every other question.
alter function reporting.fn_driver_clock_today(timestamptz) set jit = off;
