-- By kind, what was told of the days from $1 to $2 and what people said of it, as one JSON text. Of an insight the newest remark counts.
-- $3 vehicles (fn_matching_vehicles), $4 drivers, $5 kinds (JSON lists, null: any).
with told as (
  select i.kind, i.withdrawn_at, v.verdict
  from reporting.insights i
  left join reporting.v_insight_verdicts v on v.insight_id = i.id
    -- Ids begin with the day.
    and v.insight_id >= $1::text and v.insight_id < ($2::text::date + 1)::text
  where i.day between $1::text::date and $2::text::date
    and ($3::text = '{}' or i.imei in (select reporting.fn_matching_vehicles($3::text::json)))
    and ($4::text is null or i.driver in (select json_array_elements_text($4::text::json)))
), counted as (
  select k.kind, k.meaning, count(t.kind) as told, count(t.withdrawn_at) as withdrawn,
    count(*) filter (where t.verdict = 'confirmed') as confirmed, count(*) filter (where t.verdict = 'explained') as explained,
    count(*) filter (where t.verdict = 'wrong') as wrong
  from reporting.insight_kinds k
  left join told t on t.kind = k.kind
  where $5::text is null or k.kind in (select json_array_elements_text($5::text::json))
  group by k.kind, k.meaning
)
select json_build_object(
  'from', $1::text, 'to', $2::text,
  'keptDays', (select count(*) from reporting.insight_days where day between $1::text::date and $2::text::date),
  'kinds', coalesce(json_agg(json_build_object(
    'kind', c.kind, 'meaning', c.meaning, 'told', c.told, 'withdrawn', c.withdrawn, 'confirmed', c.confirmed,
    'explained', c.explained, 'wrong', c.wrong, 'unremarked', c.told - c.confirmed - c.explained - c.wrong,
    'shareRight', round(c.confirmed::numeric / nullif(c.confirmed + c.wrong, 0), 3)
  ) order by c.kind), '[]')
)::text as body
from counted c
