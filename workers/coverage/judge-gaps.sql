-- Closes, at $1, gaps in which there are fixes now, and those that were asked for in vain: the vendor has none. It is
-- asked again later, as long as the list of waits $2 goes on, for a device may come back with what it stored; not
-- where the ingest was down, when most stood still. What its run did not cover of what the vendor has, which is none
-- before $3, was not asked for: it is at once. Tells which were filled.
with candidate as materialized (
  select g.*, (
    select count(*) from tracksolid.position_history h
    where h.imei = g.imei and h.gps_time > g.gap_from and h.gps_time < g.gap_to and not h.clock_ahead
  )::integer as points_now
  from tracksolid.coverage_gaps g
  -- All that are not settled have one.
  where g.next_try_at is not null
  -- In key order, as whoever finds gaps takes them.
  order by g.imei, g.gap_from
  for update of g
), judged as (
  select c.imei, c.gap_from, c.points_now, case
    when c.points_now > 0 then 'filled'
    when c.asked_run is null then 'wait'
    when r.id is null then 'again'
    when r.ended_at is null then 'wait'
    when (
      select range_agg(tstzrange(w.from_time, w.to_time, '[]'))
        @> tstzrange(least(greatest(c.gap_from, $3::text::timestamptz), c.gap_to), c.gap_to)
      from private.job_windows w
      where w.run_id = c.asked_run and w.outcome <> 'lost'
        and c.imei in (select json_array_elements_text(w.imeis))
        and c.imei not in (select json_array_elements_text(coalesce(w.missing, '[]')))
    ) then case when r.ended_at > $1::text::timestamptz - interval '5 minutes' then 'wait' else 'none' end
    else 'again'
  end as verdict
  from candidate c
  left join private.job_runs r on r.id = c.asked_run
)
update tracksolid.coverage_gaps g set
  state = case j.verdict when 'again' then g.state else j.verdict end,
  points = case when j.verdict = 'again' then g.points else j.points_now end,
  closed_at = case when j.verdict = 'again' then g.closed_at else coalesce(g.closed_at, $1::text::timestamptz) end,
  asked_run = null,
  tries = case j.verdict when 'again' then greatest(0, g.tries - 1) else g.tries end,
  next_try_at = case
    when j.verdict = 'again' then $1::text::timestamptz
    when j.verdict = 'none' and g.reason <> 'ingest_down'
      then $1::text::timestamptz + ($2::text::interval[])[g.tries]
  end
from judged j
where g.imei = j.imei and g.gap_from = j.gap_from and j.verdict <> 'wait'
returning g.imei, (select account from tracksolid.devices d where d.imei = g.imei), g.gap_from, g.gap_to, j.verdict
