-- Tickets that were resolved on the day, and of which it is known that their vehicle was not there meanwhile. Those opened longer than
-- ticketBackDays before are left out: each reads the fixes of a vehicle over all that time.
select 'ticket_unvisited', 'ticket', t.kind || ' ' || t.number, t.number, t.imei, t.driver_name,
  case when t.outcome = 'passed' then 'medium' else 'high' end,
  format('%s was resolved without a visit', t.number),
  format('Resolved at %s; from when it was opened, %s %s. A visit is %s within %s m (tracksolid.ticket_rules).',
    reporting.fn_iso(t.resolved_at), coalesce(v.plate, v.name, t.imei),
    case
      when t.outcome = 'passed' then format('was within that distance for %s', reporting.fn_duration_words(t.within_s))
      when t.nearest_m is not null then format('came as near as %s m', round(t.nearest_m::numeric))
      else format('came no nearer than %s m', r.look_distance_m)
    end, reporting.fn_duration_words(r.visit_time_s), r.visit_distance_m),
  jsonb_build_object(
    'ticket', t.kind, 'outcome', t.outcome, 'openedAt', reporting.fn_iso(t.opened_at), 'resolvedAt', reporting.fn_iso(t.resolved_at),
    'withinS', t.within_s, 'nearestM', round(t.nearest_m::numeric), 'visitDistanceM', r.visit_distance_m, 'visitTimeS', r.visit_time_s,
    'fixes', t.fixes, 'longestGapS', t.longest_gap_s, 'assignedBy', t.assigned_by
  ),
  jsonb_build_array(
    format('/v1/tickets/%s/%s', case t.kind when 'INC' then 'incidents' else 'change-requests' end, reporting.fn_url_word(t.number)),
    '/v1/vehicles/' || t.imei
  )
from asked a
cross join tracksolid.ticket_rules r
cross join lateral reporting.fn_ticket_visits(
  a.day_from - make_interval(days => (a.rules ->> 'ticketBackDays')::integer), a.day_to, a.as_of
) t
left join reporting.v_vehicles v on v.imei = t.imei
where t.resolved_at >= a.day_from and t.resolved_at < a.day_to and t.resolved_at <= a.as_of and t.visited is false
