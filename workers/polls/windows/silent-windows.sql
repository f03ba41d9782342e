-- Windows of job $1 whose holder was not heard of since $2, or whose message went before $3 and was taken by nobody.
select run_id, number, holder from private.job_windows
where job = $1 and ended_at is null
  and (heard_at < $2::text::timestamptz or (holder is null and sent_at < $3::text::timestamptz))
order by run_id, number
