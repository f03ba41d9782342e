-- Days of the list $1 are computed. One that was marked again meanwhile stays. One that is gone another run computed
-- meanwhile, perhaps from newer facts than were overwritten here: it is marked again.
with listed as (
  select * from json_to_recordset($1::text::json) as c (
    "imei" text, "day" date, "mark" text, "changedFrom" timestamptz, "changedTo" timestamptz
  )
), cleaned as (
  delete from private.dirty_days d using listed c
  where d.imei = c."imei" and d.day = c."day" and d.mark = c."mark"::xid8
  returning d.imei, d.day
)
insert into private.dirty_days (imei, day, changed_from, changed_to, mark)
select "imei", "day", "changedFrom", "changedTo", pg_current_xact_id()
from listed
where ("imei", "day") not in (select imei, day from cleaned)
order by 1, 2
on conflict (imei, day) do nothing
