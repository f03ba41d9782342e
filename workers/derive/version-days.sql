-- Days of the list $1 are as they are computed now: who keeps a copy has to ask again.
insert into reporting.day_versions as v (imei, day, version)
select distinct "imei", "day", pg_current_xact_id()
from json_to_recordset($1::text::json) as c ("imei" text, "day" date)
order by 1, 2
on conflict (imei, day) do update set version = excluded.version
