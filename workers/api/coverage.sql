-- What is known of the time vehicles were under way in [$1, $2), whole hours, as one JSON text: in total, and a page of
-- vehicles after IMEI $3 (empty for the first), at most $4, with their hours where $5. $6 filter of vehicles (JSON),
-- $7 drivers when an hour or a gap began (JSON list, null: any).
with chosen as materialized (
  select imei, name, plate, account from reporting.fn_chosen_vehicles($6::text::json, $7::text::json, false)
), known as materialized (
  select h.imei, h.hour, h.have_s, h.recovered_s, h.missing_s
  from reporting.coverage_hours h join chosen using (imei)
  where h.hour >= $1::text::timestamptz and h.hour < $2::text::timestamptz
    and ($7::text is null or exists (
      select from reporting.fn_driver_at(h.imei, h.hour) where driver_name in (select json_array_elements_text($7::text::json))
    ))
), gap as materialized (
  select g.* from tracksolid.coverage_gaps g join chosen using (imei)
  where g.gap_to > $1::text::timestamptz and g.gap_from < $2::text::timestamptz
    and ($7::text is null or exists (
      select from reporting.fn_driver_at(g.imei, g.gap_from) where driver_name in (select json_array_elements_text($7::text::json))
    ))
), page as (
  select * from chosen
  where imei > $3 and (exists (select from known k where k.imei = chosen.imei)
    or exists (select from gap g where g.imei = chosen.imei))
  order by imei
  limit $4::int + 1
), shown as (select * from page order by imei limit $4::int), vehicle as (
  select p.imei, p.name, p.plate, p.account,
    s.have_s + s.recovered_s + s.missing_s as "expectedS", s.have_s as "haveS", s.recovered_s as "recoveredS",
    s.missing_s as "missingS",
    coalesce((
      select json_agg(json_build_object(
        'from', to_char(gap_from at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
        'to', to_char(gap_to at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
        'reason', reason, 'state', state, 'points', points, 'tries', tries
      ) order by gap_from)
      from (select * from gap g where g.imei = p.imei order by gap_from desc limit 100) newest
    ), '[]') as gaps,
    case when $5::boolean then coalesce((
      select json_agg(json_build_object(
        'hour', to_char(hour at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
        'haveS', have_s, 'recoveredS', recovered_s, 'missingS', missing_s
      ) order by hour)
      from known k where k.imei = p.imei
    ), '[]') end as hours
  from shown p
  cross join lateral (
    select coalesce(sum(have_s), 0) as have_s, coalesce(sum(recovered_s), 0) as recovered_s,
      coalesce(sum(missing_s), 0) as missing_s
    from known k where k.imei = p.imei
  ) s
)
select json_build_object(
  'from', to_char($1::text::timestamptz at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
  'to', to_char($2::text::timestamptz at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
  'total', (
    select json_build_object(
      'vehicles', count(distinct imei), 'expectedS', coalesce(sum(have_s + recovered_s + missing_s), 0),
      'haveS', coalesce(sum(have_s), 0), 'recoveredS', coalesce(sum(recovered_s), 0),
      'missingS', coalesce(sum(missing_s), 0)
    ) from known
  ),
  'gaps', (
    select json_build_object(
      'open', count(*) filter (where state = 'open'), 'filled', count(*) filter (where state = 'filled'),
      'none', count(*) filter (where state = 'none')
    ) from gap
  ),
  'vehicles', coalesce((select json_agg(v order by imei) from vehicle v), '[]'),
  'next', case when (select count(*) from page) > $4::int then (select max(imei) from shown) end
)::text as body
