-- Logs this batch: id $1, start $2, duration until the statements were sent $3, items $4, fixes among them $5,
-- rejected items $6. What was written the statement before has counted, in this transaction.
insert into tracksolid.ingestion_log
  (id, endpoint, run_at, duration_ms, success, rows_received, rows_inserted, rows_updated, rows_duplicate, rows_rejected)
select $1, 'writer', $2::text::timestamptz, $3::int, true, $4::int, inserted, updated, $5::int - inserted - updated, $6::int
from (select
  coalesce(nullif(current_setting('tracksolid.rows_inserted', true), ''), '0')::int,
  coalesce(nullif(current_setting('tracksolid.rows_updated', true), ''), '0')::int
) as counted (inserted, updated)
