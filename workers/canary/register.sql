-- Makes device $1 the canary, as of $2: not of the vendor's, so nobody polls it, and of no report.
insert into tracksolid.devices as d (imei, device_name, kind, enabled, facts_at, created_at, changed_at)
values ($1, 'Canary', 'canary', false, $2::text::timestamptz, $2::text::timestamptz, $2::text::timestamptz)
on conflict (imei) do update set kind = 'canary', enabled = false where d.kind <> 'canary' or d.enabled
