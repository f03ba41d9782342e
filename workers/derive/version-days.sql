-- Days of the list $1 are as they are computed now, at $2 (ms since 1970): who keeps a copy has to ask again. Versions are given one
-- transaction after the other, so whoever sees one sees all below it; and they follow the clock, so that after a restore from a
-- backup none is given twice.
with given as (
  update reporting.newest_version set version = greatest(version + 1, $2::bigint) returning version
)
insert into reporting.day_versions as v (imei, day, version)
select distinct "imei", "day", version
from given, json_to_recordset($1::text::json) as c ("imei" text, "day" date)
order by 1, 2
on conflict (imei, day) do update set version = excluded.version
