-- By how much thresholds are raised for subjects that were told wrongly: of the days before `asked`, by what was said up to it.
select v.kind, v.subject, b.bar,
  format(' (raised %s times, after %s called wrong)', round(b.bar::numeric, 2), v.times) as bar_words
from (
  select v.kind, v.subject, count(*)::integer as times
  from asked a
  join reporting.v_insight_verdicts v
    -- Ids begin with the day.
    on v.insight_id >= (a.day - (a.rules ->> 'wrongDays')::integer)::text and v.insight_id < a.day::text
    and v.verdict = 'wrong' and v.applies_to = 'subject-and-kind'
    and (v.remarked_at at time zone a.zone)::date <= a.day
  group by v.kind, v.subject
) v
cross join lateral (
  select least((a.rules ->> 'wrongTimes')::double precision ^ v.times, (a.rules ->> 'wrongMost')::double precision) as bar
  from asked a
) b
