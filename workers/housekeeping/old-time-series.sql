-- Takes away readings from before the day of the fleet that $1 lies in, at most $2; a row for each that went, or for each chunk
-- of a hypertable. The table stands for others.
select from generate_series(1, (
  select private.remove_before(
    'tracksolid.heartbeats', date_trunc('day', $1::text::timestamptz, zone), $2::int
  ) from tracksolid.fleet
))
