-- Enabled devices not heard of since $2, those asked longest ago ($1 names the job) first, at most $3.
select d.imei
from tracksolid.devices d
left join tracksolid.live_positions l on l.imei = d.imei
left join tracksolid.poll_watermarks w on w.job = $1 and w.account = '*' and w.imei = d.imei
where d.enabled and (l.contact_at is null or l.contact_at < $2::text::timestamptz)
order by w.covered_to nulls first, d.imei
limit $3::int
