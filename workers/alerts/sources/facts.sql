-- What the database knows of the rules, as of $1: a rule, a subject and words per row.
with hour as (
  select coalesce(sum(items), 0) as items, coalesce(sum(rejected), 0) as rejected
  from private.receipts where received_at > $1::text::timestamptz - interval '1 hour'
), oldest as (
  select mark, count(*) over () as days from private.dirty_days order by mark limit 1
), connected as (
  select usename, count(*) as connections from pg_stat_activity where backend_type = 'client backend' group by usename
), server as (
  select current_setting('max_connections')::integer - current_setting('superuser_reserved_connections')::integer as most,
    (select sum(connections) from connected) as connections
), kinds as (
  select kind, min(first_seen_at) as began_at from private.push_fields group by kind
)
-- 1 % of what came, and not of next to nothing (the design's defaults).
select 'rejections' as rule, '' as subject,
  format('%s of %s items of the last hour were rejected (%s %%)', rejected, items, round(100 * rejected / items, 1)) as text
from hour where items > 0 and rejected >= 10 and rejected >= 0.01 * items
union all
-- The oldest mark is the subject: work that goes on has another one soon.
select 'recompute_behind', mark::text, format('%s days of vehicles wait, the oldest for half an hour', days) from oldest
union all
select 'connections', 'server', format('%s of %s connections are taken', connections, most)
from server where connections >= 0.9 * most
union all
select 'connections', r.rolname, format('%s has %s of its %s connections', r.rolname, c.connections, r.rolconnlimit)
from connected c join pg_roles r on r.rolname = c.usename
where r.rolconnlimit > 0 and c.connections >= r.rolconnlimit
union all
-- What a kind had from the beginning is not news, nor what the first week of a kind brings.
select 'unknown_pushes', f.kind || '.' || f.field, format('%s has a new field "%s"', f.kind, f.field)
from private.push_fields f join kinds k using (kind)
where f.first_seen_at > $1::text::timestamptz - interval '1 day' and f.first_seen_at > k.began_at + interval '7 days'
union all
select 'unknown_pushes', 'path ' || left(path, 100), format('%s pushes came to %s, which is no path of the vendor''s list', count(*), left(path, 100))
from tracksolid.device_events
where kind = 'push_other' and path is not null
  and event_time > $1::text::timestamptz - interval '1 day' and event_time <= $1::text::timestamptz + interval '2 days'
group by path
union all
select 'unknown_pushes', 'alarm ' || code, format('alarms have the code %s, which no list has', code)
from (
  select distinct a.code from tracksolid.alarms a
  where a.alarm_time > $1::text::timestamptz - interval '1 day' and a.alarm_time <= $1::text::timestamptz + interval '2 days'
    and not exists (select from tracksolid.alarm_codes c where c.code = a.code)
) strange
