-- The queue did not take the windows of the list $1: they wait for the next that sends.
update private.job_windows w set sent_at = null
from json_to_recordset($1::text::json) as refused ("runId" text, "number" integer)
where w.run_id = refused."runId" and w.number = refused."number" and w.holder is null and w.ended_at is null
