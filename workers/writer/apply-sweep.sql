-- Disables devices that were listed once but not by the announced sync, as soon as all its listings are
-- written, whatever the order in which its messages came. A sync that would disable more than half of the
-- fleet is not believed: it is held back, and says so, until a fuller one comes.
with pending as (
  select s.pending_at, s.pending_devices,
    count(*) filter (where d.listed_at >= s.pending_at) as listed,
    count(*) filter (where d.enabled and d.listed_at is not null) as enabled
  from private.device_sweep s, tracksolid.devices d
  where s.pending_at is not null
  group by s.pending_at, s.pending_devices
), ready as (
  update private.device_sweep s
  set swept_at = p.pending_at, pending_at = null, pending_devices = null
  from pending p
  where s.pending_at = p.pending_at and p.listed >= p.pending_devices and 2 * p.pending_devices >= p.enabled
  returning s.swept_at
), gone as (
  select d.imei from tracksolid.devices d, ready
  where d.enabled and d.listed_at < ready.swept_at
  order by d.imei
  for update of d
), disabled as (
  update tracksolid.devices d set enabled = false from gone where d.imei = gone.imei
  returning d.imei
)
select
  (select count(*)::int from disabled) as disabled,
  exists (select from pending p where p.listed >= p.pending_devices and 2 * p.pending_devices < p.enabled) as held_back
