-- Notes, found at $1, gaps that no two fixes show: devices heard of under way for longer than $2 after their last fix,
-- and vehicles of which nothing is known of a time in which nothing was polled. Looks back to $3.
with run as (
  select run_at, lead(run_at) over (order by run_at) as next_at
  from tracksolid.ingestion_log
  where endpoint = 'live' and success and run_at > $3::text::timestamptz
), down as (
  select run_at as from_time, next_at as to_time from run where next_at - run_at > $2::text::interval
), gap as (
  select l.imei, gap_from, l.contact_at as gap_to, 'contact_only' as reason
  from tracksolid.live_positions l
  join tracksolid.devices d on d.imei = l.imei and d.enabled
  cross join lateral (
    -- What goes on is a gap of its own: one that grew would be asked for from its start, again and again.
    select coalesce(max(g.gap_to), l.fix_at) as gap_from from tracksolid.coverage_gaps g
    where g.imei = l.imei and g.gap_from >= l.fix_at and g.reason = 'contact_only'
  ) known
  where l.contact_at > gap_from + $2::text::interval and l.contact_at > $3::text::timestamptz
    and (l.speed_kmh > $4::real or l.ignition)
  union all
  select d.imei, down.from_time, down.to_time, 'ingest_down'
  from down
  join tracksolid.devices d on d.enabled
  join tracksolid.live_positions l on l.imei = d.imei and l.contact_at > down.from_time
  where not exists (
    select from tracksolid.position_history h
    where h.imei = d.imei and h.gps_time > down.from_time and h.gps_time < down.to_time
  )
)
insert into tracksolid.coverage_gaps as g (imei, gap_from, gap_to, reason, found_at, next_try_at)
select distinct on (imei, gap_from)
  imei, gap_from, gap_to, reason, $1::text::timestamptz, $1::text::timestamptz
from gap
order by imei, gap_from, gap_to desc
on conflict (imei, gap_from) do update set
  gap_to = excluded.gap_to, state = 'open', closed_at = null, asked_run = null, next_try_at = excluded.next_try_at
  where g.state <> 'filled' and g.reason = excluded.reason and g.gap_to < excluded.gap_to
returning imei
