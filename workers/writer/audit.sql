-- Keeps calls of analysts from the list `tracksolid.audits`, each once, however often it comes.
insert into private.audit
  (id, asked_at, analyst_id, analyst, tool, statement, arguments, outcome, reason, row_count, bytes, duration_ms, request_id)
select
  "id", "askedAt", "analystId", "analyst", "tool", "statement", "arguments", "outcome", "reason", "rowCount", "bytes",
  "durationMs", "requestId"
from json_to_recordset(current_setting('tracksolid.audits')::json) as audit (
  "id" uuid, "askedAt" timestamptz, "analystId" text, "analyst" text, "tool" text, "statement" text, "arguments" text,
  "outcome" text, "reason" text, "rowCount" integer, "bytes" bigint, "durationMs" integer, "requestId" text
)
order by "id"
on conflict (id) do nothing
returning id::text as key
