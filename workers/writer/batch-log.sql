-- Logs the batch described by `tracksolid.batch`. What was written the history statement has counted before, in
-- this transaction; the duration is the one until the statements were sent.
insert into tracksolid.ingestion_log
  (id, endpoint, run_at, duration_ms, success, rows_received, rows_inserted, rows_updated, rows_duplicate, rows_rejected)
select "id", 'writer', "runAt", "durationMs", true, "items", inserted, updated, "fixes" - inserted - updated, "rejected"
from json_to_record(current_setting('tracksolid.batch')::json) as batch (
  "id" text, "runAt" timestamptz, "durationMs" integer, "items" integer, "fixes" integer, "rejected" integer
), (select
  coalesce(nullif(current_setting('tracksolid.rows_inserted', true), ''), '0')::int,
  coalesce(nullif(current_setting('tracksolid.rows_updated', true), ''), '0')::int
) as counted (inserted, updated)
