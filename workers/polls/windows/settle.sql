-- Moves the watermarks of the vehicles of window $2 of run $1 over what the windows of the run have covered: only
-- where that begins within what was covered, or ends within it. So a window that is done before the one it follows waits
-- for it. A vehicle that was never asked for begins with the oldest span.
with mine as materialized (
  select w.job, w.from_time, w.to_time, w.imeis, w.missing
  from private.job_windows own
  -- Windows that follow each other name the same vehicles.
  join private.job_windows w on w.run_id = own.run_id and w.imeis::text = own.imeis::text
  where own.run_id = $1 and own.number = $2::int and w.ended_at is not null and w.outcome <> 'lost'
), covered as materialized (
  select job, imei, unnest(range_agg(tstzrange(from_time, to_time, '[]'))) as span
  from mine, json_array_elements_text(imeis) as imei
  where imei not in (select json_array_elements_text(coalesce(missing, '[]')))
  group by job, imei
), oldest as (
  select distinct on (imei) job, imei, lower(span) as covered_from, upper(span) as covered_to
  from covered order by imei, lower(span)
), first as (
  insert into tracksolid.poll_watermarks (job, account, imei, covered_from, covered_to)
  select job, '*', imei, covered_from, covered_to from oldest
  order by imei
  on conflict (job, account, imei) do nothing
), held as materialized (
  -- In key order: windows of other runs name the same vehicles.
  select w.imei from tracksolid.poll_watermarks w
  where w.account = '*' and (w.job, w.imei) in (select job, imei from covered)
  order by w.imei
  for update
)
update tracksolid.poll_watermarks w
set covered_from = least(w.covered_from, lower(c.span)), covered_to = greatest(w.covered_to, upper(c.span))
from covered c
where w.job = c.job and w.account = '*' and w.imei = c.imei and w.imei in (select imei from held)
  and w.covered_to >= lower(c.span) and w.covered_from <= upper(c.span)
  and (w.covered_to < upper(c.span) or w.covered_from > lower(c.span))
