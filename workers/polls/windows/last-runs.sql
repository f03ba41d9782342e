-- Of the runs of job $1 that ticks planned: those that ended since the newest was planned, one that went on beside it among
-- them; the newest that ended; and the oldest that has not. One that is older than the newest twenty and still goes on was
-- told as overdue by every tick since, so its end need not be.
with planned as (
  select * from private.job_runs where job = $1 and cause = 'tick' order by planned_at desc limit 20
)
select * from planned
where ended_at >= (select max(planned_at) from planned)
  or id = (select id from planned where ended_at is not null order by planned_at desc limit 1)
union all
(select * from private.job_runs where job = $1 and cause = 'tick' and ended_at is null order by planned_at limit 1)
