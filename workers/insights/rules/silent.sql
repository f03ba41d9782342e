-- Enabled devices that nothing is heard of for longer than silentAfterS, or that log in without a fix, by cause.
select 'silent', 'vehicle', j.imei, j.label, j.imei, drove.driver_name,
  case j.cause when 'never_activated' then 'low' when 'no_fix' then 'medium' when 'never_heard' then 'medium' else 'high' end,
  format(case j.cause
    when 'never_activated' then '%s was never activated'
    when 'never_heard' then '%s has never been heard of'
    when 'expired' then 'The subscription of %s has expired'
    when 'no_fix' then '%s logs in without a position'
    else '%s has been silent for ' || reporting.fn_duration_words(j.silent_s)
  end, j.label),
  case j.cause
    when 'never_activated' then format('The vendor knows no activation; registered since %s, nothing was ever heard of it', reporting.fn_iso(j.created_at))
    when 'never_heard' then format('Registered since %s, neither a heartbeat nor a fix', reporting.fn_iso(j.created_at))
    when 'expired' then format('The vendor''s subscription ended at %s; last heard of: %s', reporting.fn_iso(j.expires_at), coalesce(reporting.fn_iso(j.heard_at), 'never'))
    when 'no_fix' then format('Last heartbeat at %s with the ignition %s, newest fix: %s', reporting.fn_iso(j.contact_at), case when j.ignition then 'on' else 'not on' end, coalesce(reporting.fn_iso(j.fix_at), 'never'))
    else format('Neither a heartbeat nor a fix since %s', reporting.fn_iso(j.heard_at))
  end || format('; told after %s (silentAfterS)%s.', reporting.fn_duration_words(j.after_s), j.bar_words),
  jsonb_build_object(
    'cause', j.cause, 'heardAt', reporting.fn_iso(j.heard_at), 'contactAt', reporting.fn_iso(j.contact_at),
    'fixAt', reporting.fn_iso(j.fix_at), 'silentS', round(j.silent_s), 'activatedAt', reporting.fn_iso(j.activated_at),
    'expiresAt', reporting.fn_iso(j.expires_at), 'registeredAt', reporting.fn_iso(j.created_at), 'afterS', round(j.after_s), 'bar', j.bar
  ),
  jsonb_build_array('/v1/vehicles/' || j.imei)
from (
  select k.*,
    case
      when k.heard_at is null and k.created_at < k.late_from and k.detailed_at is not null
        and coalesce(k.activated_at > k.at, true) then 'never_activated'
      when k.expires_at <= k.at and coalesce(k.heard_at, k.created_at) < k.late_from then 'expired'
      when k.heard_at is null and k.created_at < k.late_from then 'never_heard'
      when k.heard_at < k.late_from then 'no_login'
      -- A parked vehicle sends heartbeats without fixes; with its ignition on it has some.
      when k.contact_at >= k.late_from and (k.fix_at is null and k.created_at < k.late_from
        or k.fix_at < k.late_from and k.ignition) then 'no_fix'
    end as cause
  from (
    select v.imei, coalesce(v.plate, v.name, v.imei) as label, d.created_at, d.detailed_at, d.activated_at, d.expires_at,
      l.contact_at, l.fix_at, l.ignition, greatest(l.contact_at, l.fix_at) as heard_at, a.at,
      extract(epoch from a.at - greatest(l.contact_at, l.fix_at)) as silent_s,
      coalesce(b.bar, 1) as bar, coalesce(b.bar_words, '') as bar_words, w.after_s, a.at - make_interval(secs => w.after_s) as late_from
    from asked a
    cross join reporting.v_vehicles v
    join tracksolid.devices d on d.imei = v.imei
    left join tracksolid.live_positions l on l.imei = v.imei
    left join bars b on b.kind = 'silent' and b.subject = v.imei
    cross join lateral (
      select (a.rules ->> 'silentAfterS')::double precision * coalesce(b.bar, 1) as after_s
    ) w
    where a.is_new and v.enabled
  ) k
) j
left join lateral reporting.fn_driver_at(j.imei, j.at) drove on true
where j.cause is not null
