-- What the company says of a vehicle where the vendor says something else, or nothing. The columns that everybody reads
-- (plate, driver_name, driver_phone) hold what counts; the trigger keeps them so, whoever writes.

alter table tracksolid.vehicle_types
  add column tank_l real check (tank_l > 0);
comment on column tracksolid.vehicle_types.tank_l is 'What the tank holds, litres.';

alter table tracksolid.devices
  add column own_plate text,
  add column own_driver_name text,
  add column own_driver_phone text,
  add column own_tank_l real check (own_tank_l > 0),
  add constraint devices_own_driver_check check (own_driver_name is not null or own_driver_phone is null);
comment on column tracksolid.devices.own_plate is 'Licence plate where it is not the vendor''s to say. Ours.';
comment on column tracksolid.devices.own_driver_name is 'Driver where it is not the vendor''s to say. Ours.';
comment on column tracksolid.devices.own_driver_phone is 'Their phone. Ours.';
comment on column tracksolid.devices.own_tank_l is 'What the tank holds where it differs from its type''s, litres. Ours.';
comment on column tracksolid.devices.plate is 'Licence plate that counts: own_plate, else vehicleNumber, else licensePlatNo.';
comment on column tracksolid.devices.driver_name is 'Driver that counts: own_driver_name, else as the device detail names them (the list always says null).';
comment on column tracksolid.devices.driver_phone is 'Phone of the driver that counts: own_driver_phone, else from the detail.';

create function tracksolid.keep_own_facts() returns trigger
language plpgsql as $$
begin
  if new.own_plate is not null then
    new.plate := new.own_plate;
  elsif tg_op = 'UPDATE' and new.plate is not distinct from old.own_plate then
    -- Given back: it is nobody's until the vendor tells it.
    new.plate := null;
  end if;
  -- A driver who is given back drives until the vendor names another.
  if new.own_driver_name is not null then
    new.driver_name := new.own_driver_name;
    new.driver_phone := new.own_driver_phone;
  end if;
  return new;
end $$;
comment on function tracksolid.keep_own_facts() is 'Has what the company says of a vehicle stand over what the vendor says.';

-- Before touch_changed_at, by its name: an answer of the vendor that changes nothing is still dropped.
create trigger keep_own_facts before insert or update on tracksolid.devices
  for each row execute function tracksolid.keep_own_facts();

comment on column private.driver_sightings.source is 'Kind of the answer: device_detail, device; registry for what was known before drivers were followed; own: the company named them, and the vendor is not heard until returned, when it gave the naming back.';
comment on column tracksolid.driver_assignments.source is 'What named the driver first: device_detail, device, own (the company); registry for what was known before drivers were followed.';
comment on column tracksolid.driver_assignments.driver_name is 'Driver as the vendor or the company names them.';

create table tracksolid.services (
  imei        text not null,
  serviced_on date not null,
  odometer_km double precision check (odometer_km >= 0),
  primary key (imei, serviced_on)
);
comment on table tracksolid.services is 'Services that vehicles had, as the company notes them.';
comment on column tracksolid.services.imei is 'Device identity.';
comment on column tracksolid.services.serviced_on is 'Day in the fleet''s zone.';
comment on column tracksolid.services.odometer_km is 'Reading of the odometer that the device counts on, km; null where nobody noted it.';

-- A canary device is no vehicle: the map shows none.

create or replace function tracksolid.registry_facts(d tracksolid.devices) returns json
language sql stable
return json_build_object(
  'imei', d.imei,
  'changedAt', to_char(d.changed_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
  'shown', d.enabled and not d.hidden_on_map and d.kind = 'vehicle',
  'name', d.device_name, 'plate', d.plate, 'driver', d.driver_name, 'account', d.account, 'city', d.city,
  'segment', d.segment, 'vehicleType', d.vehicle_type, 'model', d.model);

create or replace function reporting.fn_live_positions(
  as_of timestamptz, silent_after interval, stale_after interval
)
returns table (
  imei text, name text, plate text, driver text, account text, city text, segment text, vehicle_type text,
  model text, status text, online boolean, ignition boolean, lat double precision, lng double precision,
  speed_kmh real, heading_deg smallint, fix_at timestamptz, contact_at timestamptz, satellites smallint,
  odometer_km double precision, battery_percent real, external_voltage_v real
)
language sql stable
begin atomic
  select
    d.imei, d.device_name, d.plate, d.driver_name, d.account, d.city, d.segment, d.vehicle_type,
    d.model,
    case
      when l.fix_at is null then 'unknown'
      when greatest(l.contact_at, l.fix_at) < as_of - silent_after then 'silent'
      when l.speed_kmh > 3 and l.fix_at >= as_of - stale_after then 'moving'
      when l.ignition is false then 'parked'
      -- Last seen under way, and not since: it may stand, drive on or have lost the sky.
      when l.speed_kmh > 3 then 'unknown'
      when l.ignition is null then 'parked'
      when greatest(l.contact_at, l.fix_at) >= as_of - stale_after then 'idling'
      else 'unknown'
    end,
    l.online, l.ignition, l.lat, l.lng, l.speed_kmh, l.heading_deg, l.fix_at, l.contact_at, l.satellites,
    l.odometer_km, l.battery_percent, l.external_voltage_v
  from tracksolid.devices d
  left join tracksolid.live_positions l on l.imei = d.imei
  where d.enabled and not d.hidden_on_map and d.kind = 'vehicle';
end;
