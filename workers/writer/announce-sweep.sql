-- A device sync that started at $1 and listed $2 devices has seen every account answer. Never moves back.
insert into private.device_sweep as s (pending_at, pending_devices)
values ($1::text::timestamptz, $2::int)
on conflict (only_row) do update
  set pending_at = excluded.pending_at, pending_devices = excluded.pending_devices
  where excluded.pending_at > greatest(s.swept_at, s.pending_at)
