-- Disables devices that were listed once but not by the announced sync, as soon as all its listings are
-- written, whatever the order in which its messages came.
with ready as (
  update private.device_sweep s
  set swept_at = s.pending_at, pending_at = null, pending_devices = null
  where s.pending_at is not null
    and (select count(*) from tracksolid.devices d where d.listed_at >= s.pending_at) >= s.pending_devices
  returning swept_at
), gone as (
  select d.imei from tracksolid.devices d, ready
  where d.enabled and d.listed_at < ready.swept_at
  order by d.imei
  for update of d
)
update tracksolid.devices d set enabled = false from gone where d.imei = gone.imei
returning d.imei
