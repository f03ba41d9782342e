-- Job $1 has covered the devices of the JSON list $2 up to $3. Never moves back.
insert into tracksolid.poll_watermarks as w (job, account, imei, covered_from, covered_to)
select $1, '*', imei, $3::text::timestamptz, $3::text::timestamptz
from json_array_elements_text($2::text::json) as imei
order by imei
on conflict (job, account, imei) do update
  set covered_to = excluded.covered_to
  where w.covered_to < excluded.covered_to
