-- Announces the newest of the device syncs in the list `tracksolid.sweeps`, in which every account answered. Never
-- moves back.
insert into private.device_sweep as s (pending_at, pending_devices)
select "startedAt", "devices"
from json_to_recordset(current_setting('tracksolid.sweeps')::json) as sweep ("startedAt" timestamptz, "devices" integer)
order by "startedAt" desc
limit 1
on conflict (only_row) do update
  set pending_at = excluded.pending_at, pending_devices = excluded.pending_devices
  where excluded.pending_at > greatest(s.swept_at, s.pending_at)
