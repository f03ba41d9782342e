-- A page of `told` (kinds.ts), the newest of the kind $1, as one JSON text. Other parameters: newest.sql.
select (select vehicles::int from bound) as vehicles, json_build_object(
  'kind', $1::text,
  'readings', coalesce((
    select json_agg(json_build_object(
      'at', reporting.fn_iso(t.at), 'imei', t.imei, 'name', v.name, 'plate', v.plate,
      'driver', d.driver_name, 'account', v.account, 'values', t.facts
    ) order by t.n)
    from told t
    join vehicle v using (imei)
    left join lateral reporting.fn_driver_at(t.imei, t.at) d on true
  ), '[]'),
  'next', case when (select count(*) from page) > $7::int then (
    select reporting.fn_place_word(to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), imei, hash)
    from shown order by n desc limit 1
  ) end
)::text as body
