-- The gaps of the list $1 are asked for by run $2.
update tracksolid.coverage_gaps g set asked_run = $2, tries = g.tries + 1
from json_to_recordset($1::text::json) as asked ("imei" text, "from" timestamptz)
where g.imei = asked."imei" and g.gap_from = asked."from"
