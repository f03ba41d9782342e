-- Devices whose owner at the end of the day is another than at its beginning, as the vendor names it.
select 'account_changed', 'vehicle', c.imei, c.label, c.imei, drove.driver_name, 'high',
  format('%s has moved from the account %s to %s', c.label, c.from_account, c.to_account),
  format('The vendor names %s as its owner since %s; before, it was %s. Any change of owner is told.',
    c.to_account, reporting.fn_iso(c.changed_at), c.from_account),
  jsonb_build_object('fromAccount', c.from_account, 'toAccount', c.to_account, 'changedAt', reporting.fn_iso(c.changed_at)),
  jsonb_build_array('/v1/vehicles/' || c.imei)
from (
  select v.imei, coalesce(v.plate, v.name, v.imei) as label, max(h.changed_at) as changed_at,
    (array_agg(h.from_account order by h.changed_at))[1] as from_account,
    (array_agg(h.to_account order by h.changed_at desc))[1] as to_account
  from asked a
  join tracksolid.account_changes h on h.changed_at >= a.day_from and h.changed_at < a.day_to and h.changed_at <= a.as_of
  join reporting.v_vehicles v on v.imei = h.imei
  group by v.imei, v.plate, v.name
) c
left join lateral reporting.fn_driver_at(c.imei, c.changed_at) drove on true
where c.from_account <> c.to_account
