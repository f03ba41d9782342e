-- The values that the fleet's columns have at $1, as one JSON text. Alarms are those of the 30 days up to it, states those of
-- tickets opened in the 365 days before it. $2: statuses with their meaning, JSON.
with days as (
  select zone, ($1::timestamptz at time zone zone)::date as today from reporting.v_fleet
),
vehicles as materialized (
  select v.account, v.city, v.segment, v.vehicle_type from reporting.v_vehicles v where v.enabled
),
counted as (
  select 'account' as list, account as value, count(*)::int as vehicles from vehicles group by 2
  union all select 'city', city, count(*)::int from vehicles group by 2
  union all select 'segment', segment, count(*)::int from vehicles group by 2
  union all select 'vehicle_type', vehicle_type, count(*)::int from vehicles group by 2
),
lists as (
  select list, json_agg(json_build_object('value', value, 'vehicles', vehicles) order by value nulls last) as entries
  from counted group by list
),
warned as (
  select a.canonical_code, sum(a.alarms)::int as alarms
  from reporting.alarm_day a
  where a.day > (select today - 30 from days) and a.day <= (select today from days)
    and a.imei in (select imei from reporting.v_vehicles)
  group by 1
),
alarms as (
  select coalesce(c.class, 'unclassified') as class, c.name, w.canonical_code as code, w.alarms
  from warned w left join tracksolid.alarm_codes c on c.code = w.canonical_code
),
states as (
  select kind, state, is_open, count(*)::int as tickets
  from reporting.v_tickets
  where opened_at > $1::timestamptz - interval '365 days' and opened_at <= $1::timestamptz
  group by kind, state, is_open
)
select json_build_object(
  'as_of', reporting.fn_iso($1::timestamptz),
  'zone', d.zone,
  'today', d.today,
  'accounts', coalesce((select entries from lists where list = 'account'), '[]'),
  'cities', coalesce((select entries from lists where list = 'city'), '[]'),
  'segments', coalesce((select entries from lists where list = 'segment'), '[]'),
  'vehicle_types', coalesce((select entries from lists where list = 'vehicle_type'), '[]'),
  'drivers', (
    select count(distinct lower(btrim(driver_name)))::int from tracksolid.devices where enabled and kind = 'vehicle'
  ),
  'statuses', $2::text::json,
  'alarms_30_days', coalesce((
    select json_agg(json_build_object('class', c.class, 'alarms', c.alarms, 'kinds', c.kinds) order by c.alarms desc, c.class)
    from (
      select class, sum(alarms)::int as alarms, json_agg(
        json_build_object('code', code, 'name', name, 'alarms', alarms) order by alarms desc, code
      ) as kinds
      from alarms group by class
    ) c
  ), '[]'),
  'alarm_classes', coalesce((select json_agg(distinct class) from tracksolid.alarm_codes), '[]'),
  'insight_kinds', coalesce((
    select json_agg(json_build_object('kind', kind, 'about', subject_type, 'meaning', meaning) order by kind)
    from reporting.insight_kinds
  ), '[]'),
  'ticket_kinds', json_build_object('INC', 'incident', 'CRQ', 'change request'),
  'ticket_states_365_days', coalesce((
    select json_agg(json_build_object('kind', kind, 'state', state, 'is_open', is_open, 'tickets', tickets)
      order by kind, tickets desc, state)
    from states
  ), '[]')
)::text as body
from days d
