-- Keeps what became of the canary's push at $1; a tick that came twice is one minute.
insert into reporting.canary_runs (minute, taken_ms, mapped_ms, version)
values (date_trunc('minute', $1::text::timestamptz), $2::int, $3::int, $4)
on conflict (minute) do update set taken_ms = excluded.taken_ms, mapped_ms = excluded.mapped_ms
where canary_runs.mapped_ms is null and excluded.mapped_ms is not null
