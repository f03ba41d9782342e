-- Recomputes when alarms ended, around the moments in the list `tracksolid.alarmSpans` at which one began or ended: the
-- first end at or after its start and before the next alarm of its kind. A start at a moment also bounds the alarm
-- before it. Only who has the vehicle's turn gets here, so nobody else's alarm or end is unseen.
with touched as materialized (
  select distinct "imei", coalesce(c.canonical_code, touched."code") as canonical_code, "fenceId", "at"
  from json_to_recordset(current_setting('tracksolid.alarmSpans')::json) as touched (
    "imei" text, "code" text, "fenceId" text, "at" timestamptz
  )
  left join tracksolid.alarm_codes c on c.code = touched."code"
), affected as materialized (
  select distinct a.imei, a.canonical_code, a.fence_id, a.alarm_time
  from touched t
  cross join lateral (
    select * from tracksolid.alarms k
    where k.imei = t."imei" and k.canonical_code = t.canonical_code and k.fence_id = t."fenceId" and k.alarm_time <= t."at"
    order by k.alarm_time desc
    limit 2
  ) a
), span as (
  select f.*, (
    select min(e.ended_at) from tracksolid.alarm_ends e
    where e.imei = f.imei and e.canonical_code = f.canonical_code and e.fence_id = f.fence_id
      and e.ended_at >= f.alarm_time
      and e.ended_at < coalesce((
        select min(n.alarm_time) from tracksolid.alarms n
        where n.imei = f.imei and n.canonical_code = f.canonical_code and n.fence_id = f.fence_id
          and n.alarm_time > f.alarm_time
      ), 'infinity')
  ) as ended_at
  from affected f
), changed as (
  update tracksolid.alarms a
  set ended_at = s.ended_at
  from span s
  where a.imei = s.imei and a.canonical_code = s.canonical_code and a.fence_id = s.fence_id and a.alarm_time = s.alarm_time
    and a.ended_at is distinct from s.ended_at
  returning a.imei, a.alarm_time
)
-- Their days are others than before to whoever keeps a copy.
insert into private.changed_elsewhere (imei, from_time, to_time)
select imei, alarm_time, alarm_time from changed
