-- Keeps the insights $3 (JSON list) of the day $1, made at $2 when all versions up to $4 were seen. What is judged by what only the
-- newest is kept of is kept once: made again, it would be judged by another day. Says how many rows changed.
with known as (
  select from reporting.insight_days where day = $1::text::date
), told as materialized (
  select t.* from json_to_recordset($3::text::json) as t (
    id text, kind text, subject_type text, subject text, subject_name text, imei text, driver text, severity text, title text,
    why text, evidence jsonb, links jsonb
  )
  join reporting.insight_kinds k on k.kind = t.kind
  where not k.is_of_now or not exists (select from known)
), written as (
  insert into reporting.insights as i (
    id, day, kind, subject_type, subject, subject_name, imei, driver, severity, title, why, evidence, links, told_at, changed_at
  )
  select t.id, $1::text::date, t.kind, t.subject_type, t.subject, t.subject_name, t.imei, t.driver, t.severity, t.title, t.why,
    t.evidence, t.links, $2::text::timestamptz, $2::text::timestamptz
  from told t
  order by t.id
  on conflict (id) do update set
    subject_name = excluded.subject_name, imei = excluded.imei, driver = excluded.driver, severity = excluded.severity,
    title = excluded.title, why = excluded.why, evidence = excluded.evidence, links = excluded.links,
    changed_at = excluded.changed_at, withdrawn_at = null
  where (i.subject_name, i.imei, i.driver, i.severity, i.title, i.why, i.evidence, i.links, i.withdrawn_at) is distinct from (
    excluded.subject_name, excluded.imei, excluded.driver, excluded.severity, excluded.title, excluded.why, excluded.evidence,
    excluded.links, null
  )
  returning 1
), withdrawn as (
  update reporting.insights i set withdrawn_at = $2::text::timestamptz, changed_at = $2::text::timestamptz
  from reporting.insight_kinds k
  where i.day = $1::text::date and i.withdrawn_at is null and k.kind = i.kind and not k.is_of_now
    and not exists (select from told t where t.id = i.id)
  returning 1
), noted as (
  insert into reporting.insight_days as d (day, version, told_at)
  values ($1::text::date, $4::text::bigint, $2::text::timestamptz)
  on conflict (day) do update set version = excluded.version, told_at = excluded.told_at
)
select (select count(*) from told)::integer as told, (select count(*) from written)::integer as written,
  (select count(*) from withdrawn)::integer as withdrawn
