-- Enabled vehicles that job $1 has not covered up to $2, with the start of what is missing: of one never asked for $3,
-- of none before $4; where $5, only those heard of since. Those of which a tick's window is under way are left to it; a span
-- that somebody wants may take hours, and keeps no vehicle from its ticks.
with busy as materialized (
  select json_array_elements_text(w.imeis) as imei
  from private.job_windows w
  join private.job_runs r on r.id = w.run_id and r.cause = 'tick'
  where w.job = $1 and w.ended_at is null
), due as materialized (
  select d.imei, d.account, w.covered_to
  from tracksolid.devices d
  left join tracksolid.poll_watermarks w on w.job = $1 and w.account = '*' and w.imei = d.imei
  where d.enabled and (w.covered_to is null or w.covered_to < $2::text::timestamptz)
    and d.imei not in (select imei from busy)
    and (not $5::boolean or exists (
      select from tracksolid.live_positions l
      where l.imei = d.imei and (w.covered_to is null or l.contact_at > w.covered_to)
    ))
), out_of_reach as (
  -- What follows would never touch what was covered before $4, and be asked again for ever.
  update tracksolid.poll_watermarks w
  set covered_from = $4::text::timestamptz, covered_to = $4::text::timestamptz
  from due
  where w.job = $1 and w.account = '*' and w.imei = due.imei and due.covered_to < $4::text::timestamptz
)
select imei, account, greatest(coalesce(covered_to, $3::text::timestamptz), $4::text::timestamptz) as from_time
from due
order by from_time, imei
