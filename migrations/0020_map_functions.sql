-- What maps draw: the track of a vehicle, and trips. Nothing here reads the clock.

create function reporting.fn_vehicle_track(
  imei text, from_time timestamptz, to_time timestamptz, tolerance_m double precision default 0,
  gap_limit interval default '10 minutes'
)
returns table (
  segment integer, gps_time timestamptz, lat double precision, lng double precision, speed_kmh real, heading_deg smallint,
  ignition boolean, stands boolean
)
language plpgsql stable
as $$
#variable_conflict use_column
declare
  fixes    record;
  -- Metres to the east and to the north, over ground that is flat at this scale.
  east     double precision[];
  north    double precision[];
  keep     boolean[];
  numbers  integer[];
  stack    integer[];
  first    integer;
  last     integer;
  farthest integer;
  widest   double precision;
  along_e  double precision;
  along_n  double precision;
  length_2 double precision;
  share    double precision;
  off      double precision;
begin
  if exists (
    select from tracksolid.devices d
    where d.imei = fn_vehicle_track.imei and (d.hidden_on_map or d.kind <> 'vehicle')
  ) then
    return;
  end if;
  select
    array_agg(s.segment order by s.at) as segments, array_agg(s.at order by s.at) as times,
    array_agg(s.lat order by s.at) as lats, array_agg(s.lng order by s.at) as lngs,
    array_agg(s.speed order by s.at) as speeds, array_agg(s.heading order by s.at) as headings,
    array_agg(s.ignition order by s.at) as ignitions, array_agg(s.stands order by s.at) as stands
  into fixes
  from (
    select f.*, (count(*) filter (where f.is_gap) over (order by f.at))::integer + 1 as segment
    from (
      select h.gps_time as at, h.lat, h.lng, h.speed_kmh as speed, h.heading_deg as heading, h.ignition,
        coalesce(h.speed_kmh, 0) <= 3 as stands,
        -- Too long without a fix, and somewhere else: nobody knows the way.
        h.gps_time - lag(h.gps_time) over w > fn_vehicle_track.gap_limit and 111320 * sqrt(
          (h.lat - lag(h.lat) over w) ^ 2 + ((h.lng - lag(h.lng) over w) * cos(radians(h.lat))) ^ 2
        ) > 200 as is_gap
      from tracksolid.position_history h
      where h.imei = fn_vehicle_track.imei and h.gps_time >= fn_vehicle_track.from_time
        and h.gps_time < fn_vehicle_track.to_time and not h.clock_ahead and (h.pos_type is null or h.pos_type = 'GPS')
      window w as (order by h.gps_time)
    ) f
  ) s;
  if fixes.times is null then
    return;
  end if;

  last := array_length(fixes.times, 1);
  numbers := fixes.segments;
  keep := array_fill(fn_vehicle_track.tolerance_m <= 0, array[last]);
  if fn_vehicle_track.tolerance_m > 0 then
    first := 1;
    for i in 1..last loop
      east[i] := 111320 * fixes.lngs[i] * cos(radians(fixes.lats[1]));
      north[i] := 111320 * fixes.lats[i];
      -- The ends of segments and of stops stay.
      if i = 1 or i = last or numbers[i] <> numbers[i - 1] or numbers[i] <> numbers[i + 1]
        or fixes.stands[i] <> fixes.stands[i - 1] or fixes.stands[i] <> fixes.stands[i + 1]
      then
        keep[i] := true;
        -- Between them, whatever is further off the line than the tolerance (Ramer, Douglas, Peucker).
        stack := array[first, i];
        while array_length(stack, 1) > 0 loop
          last := stack[array_length(stack, 1)];
          first := stack[array_length(stack, 1) - 1];
          stack := stack[1:array_length(stack, 1) - 2];
          widest := fn_vehicle_track.tolerance_m ^ 2;
          farthest := null;
          along_e := east[last] - east[first];
          along_n := north[last] - north[first];
          length_2 := along_e ^ 2 + along_n ^ 2;
          for k in first + 1..last - 1 loop
            share := case when length_2 = 0 then 0 else least(1, greatest(0,
              ((east[k] - east[first]) * along_e + (north[k] - north[first]) * along_n) / length_2
            )) end;
            off := (east[k] - east[first] - share * along_e) ^ 2 + (north[k] - north[first] - share * along_n) ^ 2;
            if off > widest then
              widest := off;
              farthest := k;
            end if;
          end loop;
          if farthest is not null then
            keep[farthest] := true;
            stack := stack || array[first, farthest, farthest, last];
          end if;
        end loop;
        first := i;
        last := array_length(fixes.times, 1);
      end if;
    end loop;
  end if;

  return query
    select fixes.segments[i], fixes.times[i], fixes.lats[i], fixes.lngs[i], fixes.speeds[i], fixes.headings[i],
      fixes.ignitions[i], fixes.stands[i]
    from generate_series(1, array_length(keep, 1)) i
    where keep[i]
    order by i;
end $$;
comment on function reporting.fn_vehicle_track(text, timestamptz, timestamptz, double precision, interval) is
  'The way of a vehicle in [from_time, to_time), oldest fix first; satellites only, and nothing of a vehicle that is left out of maps. segment: counts from 1, a new one after each gap (no fix for gap_limit, and over 200 m away), so that no line is drawn over it. stands: at most 3 km/h. With tolerance_m over 0 fixes are left out that are no further than so many metres from the line of those that stay; the ends of stops and of segments always stay.';

create view reporting.v_trips as
  select t.imei, d.name, d.plate, drove.driver_name as driver, d.account, d.city, d.segment, d.vehicle_type, d.hidden_on_map,
    t.start_time, t.end_time, extract(epoch from t.end_time - t.start_time)::integer as duration_s, t.distance_km,
    t.driving_time_s, t.idle_time_s, t.avg_speed_kmh, t.max_speed_kmh, t.start_lat, t.start_lng, t.end_lat, t.end_lng,
    t.start_address, t.end_address, t.fuel_l, t.source
  from tracksolid.trips t
  join reporting.v_vehicles d on d.imei = t.imei
  left join lateral reporting.fn_driver_at(t.imei, t.start_time) drove on true;
comment on view reporting.v_trips is 'Trips with the vehicle as it is now and the driver of the time. Grain: trip. A plain view: nothing has to be refreshed.';
comment on column reporting.v_trips.imei is 'Device identity.';
comment on column reporting.v_trips.name is 'Device name.';
comment on column reporting.v_trips.plate is 'Licence plate.';
comment on column reporting.v_trips.driver is 'Driver when it began; null where none was known by then.';
comment on column reporting.v_trips.account is 'Owning Tracksolid account, as it is now.';
comment on column reporting.v_trips.city is 'Home city, as it is now.';
comment on column reporting.v_trips.segment is 'Business segment, as it is now.';
comment on column reporting.v_trips.vehicle_type is 'Vehicle class, as it is now.';
comment on column reporting.v_trips.hidden_on_map is 'Left out of maps.';
comment on column reporting.v_trips.start_time is 'Start (UTC).';
comment on column reporting.v_trips.end_time is 'End (UTC).';
comment on column reporting.v_trips.duration_s is 'From start to end, s.';
comment on column reporting.v_trips.distance_km is 'Distance by the vendor, km.';
comment on column reporting.v_trips.driving_time_s is 'Time under way, s.';
comment on column reporting.v_trips.idle_time_s is 'Time standing with the engine on, s.';
comment on column reporting.v_trips.avg_speed_kmh is 'Average speed, km/h.';
comment on column reporting.v_trips.max_speed_kmh is 'Highest speed, km/h.';
comment on column reporting.v_trips.start_lat is 'Latitude of the start, WGS-84 degrees.';
comment on column reporting.v_trips.start_lng is 'Longitude of the start, WGS-84 degrees.';
comment on column reporting.v_trips.end_lat is 'Latitude of the end, WGS-84 degrees.';
comment on column reporting.v_trips.end_lng is 'Longitude of the end, WGS-84 degrees.';
comment on column reporting.v_trips.start_address is 'Address of the start; null until it is known.';
comment on column reporting.v_trips.end_address is 'Address of the end; null until it is known.';
comment on column reporting.v_trips.fuel_l is 'Fuel used, l; null where the vendor does not tell.';
comment on column reporting.v_trips.source is 'Origin: poll or push.';

create function reporting.fn_trips_for_map(from_time timestamptz, to_time timestamptz, imeis text[] default null)
returns setof reporting.v_trips
language sql stable
begin atomic
  select * from reporting.v_trips t
  where t.start_time >= fn_trips_for_map.from_time and t.start_time < fn_trips_for_map.to_time and not t.hidden_on_map
    and (fn_trips_for_map.imeis is null or t.imei = any (fn_trips_for_map.imeis))
  order by t.start_time, t.imei;
end;
comment on function reporting.fn_trips_for_map(timestamptz, timestamptz, text[]) is
  'Trips that began in [from_time, to_time), of these vehicles or of all, oldest first; without vehicles that are left out of maps.';
