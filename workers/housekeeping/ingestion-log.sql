-- Takes away runs and batches from before $1, the oldest first, at most $2. What somebody else is taking is left to them.
with old as materialized (
  select run_id from tracksolid.ingestion_log
  where run_at < $1::text::timestamptz
  order by run_at, run_id
  limit $2::int
  for update skip locked
)
delete from tracksolid.ingestion_log l using old where l.run_id = old.run_id
