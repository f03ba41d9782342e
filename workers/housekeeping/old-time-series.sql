-- Takes away positions, or readings in their place, from before the day of the fleet that $1 lies in, at most $2; a row for each
-- that went, or for each chunk of a hypertable.
select from generate_series(1, (
  select private.remove_before(
    'tracksolid.position_history', date_trunc('day', $1::text::timestamptz, zone), $2::int
  ) from tracksolid.fleet
))
