-- Takes away runs of the canary from before $1, the oldest first, at most $2.
delete from reporting.canary_runs
where minute = any (array(
  select minute from reporting.canary_runs where minute < $1::text::timestamptz order by minute limit $2::int
))
