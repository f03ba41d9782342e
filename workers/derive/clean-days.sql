-- Days of the list $1 are computed. One that was marked again meanwhile stays.
delete from private.dirty_days d
using json_to_recordset($1::text::json) as c ("imei" text, "day" date, "mark" text)
where d.imei = c."imei" and d.day = c."day" and d.mark = c."mark"::xid8
