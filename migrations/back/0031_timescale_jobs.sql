-- Loses nothing.

drop function reporting.fn_timescale_jobs(timestamptz);
