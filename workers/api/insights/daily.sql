-- A page of the insights `told` of the day $1, which daily.ts puts before it, as one JSON text: first those that stand, then those
-- that somebody explained or called wrong; of either the most severe first. $2 thresholds and asOf, $3 vehicles (fn_matching_vehicles),
-- $4 drivers, $5 kinds, $6 severities (JSON lists), $7 place after which the page begins (JSON list, null: the first), $8 how many.
select (
  with own as materialized (
    -- Ids begin with the day.
    select * from reporting.v_insight_verdicts where insight_id >= $1::text and insight_id < ($1::text::date + 1)::text
  ), carried as materialized (
    select distinct on (kind, subject_type, subject) * from reporting.v_insight_verdicts
    where until_day >= $1::text::date and insight_id < $1::text and verdict = 'explained'
      and applies_to = 'subject-and-kind'
    order by kind, subject_type, subject, remark_id desc
  ), said as (
    -- What was said of this one goes before what was said of others.
    select distinct on (r.told_id) r.*
    from (
      select t.id as told_id, 0 as other, o.* from told t join own o on o.insight_id = t.id
      union all
      select t.id, 1, c.*
      from told t
      join carried c on c.kind = t.kind and c.subject_type = t.subject_type and c.subject = t.subject
    ) r
    order by r.told_id, r.other
  ), judged as (
    select t.*, s.set_aside, s.rank, v.remark
    from told t
    left join said on said.told_id = t.id
    cross join lateral (
      select coalesce(said.verdict in ('explained', 'wrong'), false)::integer as set_aside,
        case t.severity when 'high' then 1 when 'medium' then 2 else 3 end as rank
    ) s
    cross join lateral (
      select case when said.remark_id is not null then json_build_object(
        'id', said.remark_id, 'insightId', said.insight_id, 'verdict', said.verdict, 'note', said.note, 'until', said.until_day,
        'appliesTo', said.applies_to, 'by', said.key_id, 'at', reporting.fn_iso(said.remarked_at)
      ) end as remark
    ) v
    where ($3::text = '{}' or t.imei in (select reporting.fn_matching_vehicles($3::text::json)))
      and ($4::text is null or t.driver in (select json_array_elements_text($4::text::json)))
      and ($5::text is null or t.kind in (select json_array_elements_text($5::text::json)))
      and ($6::text is null or t.severity in (select json_array_elements_text($6::text::json)))
  ), page as (
    select * from judged j
    where $7::text is null or (j.set_aside, j.rank, j.kind, j.id) > (
      ($7::text::json ->> 0)::integer, ($7::text::json ->> 1)::integer, $7::text::json ->> 2, $7::text::json ->> 3
    )
    order by j.set_aside, j.rank, j.kind, j.id
    limit $8::int + 1
  ), shown as (
    select p.set_aside, p.rank, p.kind, p.id, json_build_object(
      'id', p.id, 'kind', p.kind, 'subject', json_build_object('type', p.subject_type, 'id', p.subject, 'name', p.subject_name),
      'imei', p.imei, 'driver', p.driver, 'severity', p.severity, 'title', p.title, 'why', p.why, 'evidence', p.evidence,
      'links', p.links, 'remark', p.remark
    ) as insight
    from page p order by p.set_aside, p.rank, p.kind, p.id limit $8::int
  )
  select json_build_object(
    'day', $1::text, 'preliminary', k.day is null,
    'asOf', reporting.fn_iso(coalesce(k.told_at, ($2::text::json ->> 'asOf')::timestamptz)),
    'counts', (
      select json_build_object(
        'high', count(*) filter (where set_aside = 0 and severity = 'high'),
        'medium', count(*) filter (where set_aside = 0 and severity = 'medium'),
        'low', count(*) filter (where set_aside = 0 and severity = 'low'),
        'explained', count(*) filter (where set_aside = 1)
      ) from judged
    ),
    'insights', coalesce((
      select json_agg(s.insight order by s.set_aside, s.rank, s.kind, s.id) from shown s where s.set_aside = 0
    ), '[]'),
    'explained', coalesce((
      select json_agg(s.insight order by s.set_aside, s.rank, s.kind, s.id) from shown s where s.set_aside = 1
    ), '[]'),
    'next', case when (select count(*) from page) > $8::int then (
      select reporting.fn_json_word(format('[%s,%s,"%s","%s"]', s.set_aside, s.rank, s.kind, s.id))
      from shown s order by s.set_aside desc, s.rank desc, s.kind desc, s.id desc limit 1
    ) end
  )
  from (select) one
  left join reporting.insight_days k on k.day = $1::text::date
)::text as body
