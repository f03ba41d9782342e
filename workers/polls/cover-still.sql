-- Notes the tracks of vehicles that did not move as covered up to their last contact before $1: there is nothing to ask
-- for. Up to $2 km/h a vehicle stands. A silent one is covered no further than it was heard of, so all that it stored is
-- asked for once it is back.
with seen as materialized (
  select d.imei, w.covered_to, least(l.contact_at, $1::text::timestamptz) as heard_at, l.lat, l.lng
  from tracksolid.devices d
  join tracksolid.poll_watermarks w on w.job = 'tracks' and w.account = '*' and w.imei = d.imei
  join tracksolid.live_positions l on l.imei = d.imei
  where d.enabled and l.contact_at > w.covered_to
), still as (
  select imei, heard_at from seen s
  where not exists (
    select from tracksolid.position_history h
    where h.imei = s.imei and h.gps_time > s.covered_to - interval '10 minutes' and h.gps_time <= s.heard_at
      and (h.speed_kmh > $2::real or abs(h.lat - s.lat) > 0.001 or abs(h.lng - s.lng) > 0.001)
  ) and not exists (
    -- It stands where it stood before.
    select from (
      select h.lat, h.lng from tracksolid.position_history h
      where h.imei = s.imei and h.gps_time <= s.covered_to - interval '10 minutes'
      order by h.gps_time desc limit 1
    ) before
    where abs(before.lat - s.lat) > 0.001 or abs(before.lng - s.lng) > 0.001
  )
), free as (
  -- One whose window just ends can wait for the next tick; waiting for it could keep both for ever.
  select w.imei, still.heard_at from still
  join tracksolid.poll_watermarks w on w.job = 'tracks' and w.account = '*' and w.imei = still.imei
  where w.covered_to < still.heard_at
  for update of w skip locked
)
update tracksolid.poll_watermarks w set covered_to = free.heard_at
from free where w.job = 'tracks' and w.account = '*' and w.imei = free.imei and w.covered_to < free.heard_at
