-- Of the devices in the JSON list $2, those whose detail job $1 has not covered since $3, oldest first, at most $4.
select listed.imei
from json_array_elements_text($2::text::json) as listed (imei)
left join tracksolid.poll_watermarks w on w.job = $1 and w.account = '*' and w.imei = listed.imei
where w.covered_to is null or w.covered_to < $3::text::timestamptz
order by w.covered_to nulls first, listed.imei
limit $4::int
