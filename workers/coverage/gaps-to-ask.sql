-- Gaps to be asked for at $1, at most $2, of vehicles that are enabled: those first that are due longest, so that what fails
-- again and again keeps nobody waiting. The vendor has none before $3.
select g.imei, d.account, g.gap_from, g.gap_to from tracksolid.coverage_gaps g
join tracksolid.devices d on d.imei = g.imei and d.enabled
where g.next_try_at <= $1::text::timestamptz and g.asked_run is null
  and g.gap_to < $1::text::timestamptz - interval '2 minutes' and g.gap_to > $3::text::timestamptz
order by g.next_try_at, g.gap_from, g.imei
limit $2::int
