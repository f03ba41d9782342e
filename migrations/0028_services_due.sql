-- Which vehicle has driven so far since its last service that the next is due.

create function reporting.fn_service_due(as_of timestamptz)
returns table (
  imei text, name text, plate text, account text, city text, segment text, vehicle_type text, serviced_on date,
  service_interval_km real, since_km double precision, since_source text, left_km double precision, status text
)
language sql stable
begin atomic
  select
    d.imei, d.name, d.plate, d.account, d.city, d.segment, d.vehicle_type, s.serviced_on, d.service_interval_km,
    since.km, case when since.km is not null then since.source end, d.service_interval_km - since.km,
    case
      when since.km is null then 'unknown'
      when since.km >= d.service_interval_km then 'due'
      when since.km >= 0.9 * d.service_interval_km then 'soon'
      else 'ok'
    end
  from tracksolid.fleet f
  cross join reporting.v_vehicles d
  left join tracksolid.live_positions l on l.imei = d.imei
  left join lateral (
    select k.serviced_on, k.odometer_km from tracksolid.services k
    where k.imei = d.imei and k.serviced_on <= (fn_service_due.as_of at time zone f.zone)::date
    order by k.serviced_on desc limit 1
  ) s on true
  left join lateral (
    select
      case when l.odometer_km >= s.odometer_km then 'odometer' else 'days' end as source,
      case
        when l.odometer_km >= s.odometer_km then l.odometer_km - s.odometer_km
        else (
          select case when count(*) > 0 then coalesce(sum(v.distance_km) filter (where v.day > s.serviced_on), 0) end
          from reporting.vehicle_day v
          where v.imei = d.imei and v.day >= s.serviced_on and v.day <= (fn_service_due.as_of at time zone f.zone)::date
        )
      end as km
    where s.serviced_on is not null
  ) since on true
  where d.enabled and d.service_interval_km is not null
  order by d.service_interval_km - since.km nulls last, d.imei;
end;
comment on function reporting.fn_service_due(timestamptz) is
  'How far every vehicle with a service interval has driven since its last service (tracksolid.services), the most overdue first. since_source: odometer (today''s reading less the one noted at the service), or days (the distances of the days since, where no reading was noted or the odometer was set back). status: due, soon (a tenth of the interval left), ok, unknown (no service is noted, or nothing is known of the vehicle since). Days of which nothing is known are not in the sum. Distances km. Odometers and roll-ups are those of now: as_of is meant to be now.';
