-- Insights of the day $1 as they are kept, with the columns of those that are made.
select id, kind, subject_type, subject, subject_name, imei, driver, severity, title, why, evidence, links
from reporting.insights
where day = $1::text::date and withdrawn_at is null
