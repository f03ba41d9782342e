-- Vehicles that a text $1 may mean, best first, at most $2. Texts are compared without case, spaces, dashes, points and slashes:
-- of each vehicle one text with | between plate, driver, IMEI and name, as a text each of 15,000 vehicles takes four times as
-- long; translate() twenty times as long as replace(). What is like the text, by its trigrams, is looked for only where fewer
-- contain it and none is it, first in all of a vehicle's text, then of the best 200 in each of the four. Of a plate with two digits
-- in the wrong order three of seven trigrams are left.
with asked as materialized (
  select whole, whole ~ '^[0-9]{3,}$' as ends_imei, array(
    select w from regexp_split_to_table(spaced, '\s+') w where w <> ''
  ) as words, array(
    select distinct substr('|' || whole || '|', i, 3) from generate_series(1, length(whole)) i
  ) as trigrams
  from (
    select replace(replace(replace(replace(lower($1::text), '-', ''), '.', ''), '/', ''), '|', '') as spaced
  ) s
  cross join lateral (select regexp_replace(spaced, '\s', '', 'g') as whole) w
  where whole <> ''
),
vehicles as materialized (
  select imei, enabled, '|' || replace(replace(replace(replace(
    lower(concat_ws('|', plate, driver_name, imei, device_name)), ' ', ''), '-', ''), '.', ''), '/', '') || '|' as plain
  from tracksolid.devices where kind = 'vehicle'
),
hits as materialized (
  select v.imei, v.enabled, length(v.plain) as length, case
      when strpos(v.plain, '|' || a.whole || '|') > 0 then 1
      when a.ends_imei and right(v.imei, length(a.whole)) = a.whole then 2
      when strpos(v.plain, '|' || a.whole) > 0 then 3
      else 4
    end as rank
  from vehicles v, asked a
  where strpos(v.plain, a.whole) > 0
    or cardinality(a.words) > 1 and (select bool_and(strpos(v.plain, w) > 0) from unnest(a.words) w)
),
rough as (
  select v.imei, v.enabled, n.trigrams
  from asked a, vehicles v
  cross join lateral (select count(*) as trigrams from unnest(a.trigrams) g where strpos(v.plain, g) > 0) n
  where length(a.whole) >= 3 and (select count(*) from hits) < $2::int
    and not exists (select from hits where rank <= 2) and n.trigrams >= 0.4 * cardinality(a.trigrams)
    and not exists (select from hits h where h.imei = v.imei)
  order by n.trigrams desc, v.enabled desc, v.imei limit 200
),
alike as (
  select r.imei, r.enabled, m.length, 5 as rank, m.field, m.likeness
  from rough r
  join tracksolid.devices d using (imei)
  cross join asked a
  cross join lateral (
    select t.field, length(t.said) as length, (
      select count(*) from unnest(a.trigrams) g
      where strpos('|' || replace(replace(replace(replace(lower(t.said), ' ', ''), '-', ''), '.', ''), '/', '') || '|', g) > 0
    )::float8 / cardinality(a.trigrams) as likeness
    from (values ('plate', d.plate), ('driver', d.driver_name), ('imei', d.imei), ('name', d.device_name)) t (field, said)
    where t.said is not null
    order by 3 desc, 2 limit 1
  ) m
  where m.likeness >= 0.4
),
page as (
  select imei, enabled, length, rank, null as field, 1::float8 as likeness from hits
  union all
  select imei, enabled, length, rank, field, likeness from alike
  order by rank, enabled desc, likeness desc, length, imei limit $2::int
)
select p.imei, d.plate, d.device_name as name, d.driver_name as driver, d.account, d.city, d.segment, d.vehicle_type,
  d.enabled, d.hidden_on_map,
  case p.rank when 1 then 'is' when 2 then 'ends_with' when 3 then 'begins_with' when 4 then 'contains' else 'is_like' end as how,
  case p.rank when 2 then 'imei' when 5 then p.field else coalesce((
    select t.field
    from asked a, (
      select field, place, '|' || replace(replace(replace(replace(lower(said), ' ', ''), '-', ''), '.', ''), '/', '') || '|' as plain
      from (values ('plate', 1, d.plate), ('driver', 2, d.driver_name), ('imei', 3, d.imei), ('name', 4, d.device_name))
        t (field, place, said)
    ) t
    where strpos(t.plain, case p.rank when 1 then '|' || a.whole || '|' when 3 then '|' || a.whole else a.whole end) > 0
      or p.rank = 4 and (select bool_and(strpos(t.plain, w) > 0) from unnest(a.words) w)
    order by t.place limit 1
  ), 'several') end as matched,
  round(p.likeness::numeric, 2)::float8 as likeness,
  (select count(*) from hits) > $2::int as truncated
from page p
join tracksolid.devices d using (imei)
order by p.rank, p.enabled desc, p.likeness desc, p.length, p.imei
