-- A page of remarks before remark $1 (null for the newest), newest first, at most $2, as one JSON text. $3 vehicles
-- (fn_matching_vehicles), $4 drivers, $5 kinds, $6 verdicts (JSON lists), $7 insight; null is any.
with page as (
  select r.*, i.day, i.kind, i.subject_type, i.subject, i.subject_name, not exists (
      select from reporting.insight_remarks n where n.insight_id = r.insight_id and n.remark_id > r.remark_id
    ) as counts
  from reporting.insight_remarks r
  join reporting.insights i on i.id = r.insight_id
  where ($1::text is null or r.remark_id < $1::text)
    and ($3::text = '{}' or i.imei in (select reporting.fn_matching_vehicles($3::text::json)))
    and ($4::text is null or i.driver in (select json_array_elements_text($4::text::json)))
    and ($5::text is null or i.kind in (select json_array_elements_text($5::text::json)))
    and ($6::text is null or r.verdict in (select json_array_elements_text($6::text::json)))
    and ($7::text is null or r.insight_id = $7::text)
  order by r.remark_id desc
  limit $2::int + 1
), shown as (
  select * from page order by remark_id desc limit $2::int
)
select json_build_object(
  'remarks', coalesce((
    select json_agg(json_build_object(
      'id', s.remark_id, 'insightId', s.insight_id, 'verdict', s.verdict, 'note', s.note, 'until', s.until_day,
      'appliesTo', s.applies_to, 'by', s.key_id, 'at', reporting.fn_iso(s.remarked_at), 'day', s.day, 'kind', s.kind,
      'subject', json_build_object('type', s.subject_type, 'id', s.subject, 'name', s.subject_name), 'counts', s.counts
    ) order by s.remark_id desc) from shown s
  ), '[]'),
  'next', case when (select count(*) from page) > $2::int then (
    select reporting.fn_json_word(format('["%s"]', min(remark_id))) from shown
  ) end
)::text as body
