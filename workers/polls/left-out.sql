-- Enabled devices that are not in the JSON list $2, those job $1 asked for longest ago first, at most $3.
select d.imei
from tracksolid.devices d
left join tracksolid.poll_watermarks w on w.job = $1 and w.account = '*' and w.imei = d.imei
where d.enabled and d.imei not in (select json_array_elements_text($2::text::json))
order by w.covered_to nulls first, d.imei
limit $3::int
