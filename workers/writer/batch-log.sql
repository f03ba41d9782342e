-- Logs the batch described by `tracksolid.batch`, with what its statements counted. The duration is the one until
-- they were done.
insert into tracksolid.ingestion_log
  (run_id, endpoint, run_at, duration_ms, success, rows_received, rows_inserted, rows_updated, rows_duplicate, rows_rejected)
select "id", "endpoint", "runAt", "durationMs", true, "items", "inserted", "updated", "duplicate", "rejected"
from json_to_record(current_setting('tracksolid.batch')::json) as batch (
  "id" text, "endpoint" text, "runAt" timestamptz, "durationMs" integer, "items" integer, "inserted" integer, "updated" integer,
  "duplicate" integer, "rejected" integer
)
