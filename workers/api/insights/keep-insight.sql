-- Keeps an insight (JSON $3) of a day $1 that is not kept yet, told at $2: somebody has something to say of it.
insert into reporting.insights (
  id, day, kind, subject_type, subject, subject_name, imei, driver, severity, title, why, evidence, links, told_at, changed_at
)
select t.id, $1::text::date, t.kind, t.subject_type, t.subject, t.subject_name, t.imei, t.driver, t.severity, t.title, t.why,
  t.evidence, t.links, $2::text::timestamptz, $2::text::timestamptz
from json_to_record($3::text::json) as t (
  id text, kind text, subject_type text, subject text, subject_name text, imei text, driver text, severity text, title text,
  why text, evidence jsonb, links jsonb
)
on conflict (id) do nothing
