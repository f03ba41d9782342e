-- Adds the remark $1 of the insight $2: verdict $3, note $4, last day $5 (or null), whom it applies to $6; by the key $7 at $8. The same
-- as the newest, by the same key, is that one. The insight is locked, so that two at once are one after the other.
with newest as (
  select * from reporting.insight_remarks where insight_id = $2::text order by remark_id desc limit 1
), same as (
  select * from newest
  where (verdict, note, until_day, applies_to, key_id)
    is not distinct from ($3::text, $4::text, $5::text::date, $6::text, $7::text)
), added as (
  insert into reporting.insight_remarks (
    remark_id, insight_id, verdict, note, until_day, applies_to, key_id, remarked_at
  )
  select $1::text, $2::text, $3::text, $4::text, $5::text::date, $6::text, $7::text, $8::text::timestamptz
  where not exists (select from same)
  returning *
)
select r."isNew", json_build_object(
  'id', r.remark_id, 'insightId', r.insight_id, 'verdict', r.verdict, 'note', r.note, 'until', r.until_day,
  'appliesTo', r.applies_to, 'by', r.key_id, 'at', reporting.fn_iso(r.remarked_at)
)::text as body
from (select true as "isNew", a.* from added a union all select false, s.* from same s) r
