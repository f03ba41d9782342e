-- What the company knows of its fleet and the vendor does not: kinds of vehicles, what they use, when people start work.

create table tracksolid.vehicle_types (
  vehicle_type          text primary key,
  fuel_l_per_100_km     real check (fuel_l_per_100_km > 0),
  service_interval_km   real check (service_interval_km > 0),
  tank_l                real check (tank_l > 0)
);
comment on table tracksolid.vehicle_types is 'What holds for all vehicles of a type; a vehicle may differ (devices.own_fuel_l_per_100_km, own_service_interval_km).';
comment on column tracksolid.vehicle_types.vehicle_type is 'As in devices.vehicle_type.';
comment on column tracksolid.vehicle_types.fuel_l_per_100_km is 'Consumption that fuel is estimated with, litres per 100 km.';
comment on column tracksolid.vehicle_types.service_interval_km is 'Distance between two services, km.';
comment on column tracksolid.vehicle_types.tank_l is 'What the tank holds, litres.';

create table tracksolid.shifts (
  shift     text not null,
  weekday   smallint not null check (weekday between 1 and 7),
  starts_at time not null,
  ends_at   time not null,
  grace     interval not null default '15 minutes',
  primary key (shift, weekday)
);
comment on table tracksolid.shifts is 'When work begins and ends, by weekday. A weekday without a row is free.';
comment on column tracksolid.shifts.shift is 'Name, as in devices.shift.';
comment on column tracksolid.shifts.weekday is '1 Monday to 7 Sunday, in the fleet''s zone.';
comment on column tracksolid.shifts.starts_at is 'Start, time of day in the fleet''s zone.';
comment on column tracksolid.shifts.ends_at is 'End; before the start, it is on the next day.';
comment on column tracksolid.shifts.grace is 'Who starts within it is not late.';

create table tracksolid.fuel_prices (
  valid_from  date primary key,
  price_per_l numeric(10, 3) not null check (price_per_l > 0),
  currency    text not null check (currency ~ '^[A-Z]{3}$')
);
comment on table tracksolid.fuel_prices is 'Price of fuel; each is valid until the next.';
comment on column tracksolid.fuel_prices.valid_from is 'First day, in the fleet''s zone.';
comment on column tracksolid.fuel_prices.price_per_l is 'Price of a litre.';
comment on column tracksolid.fuel_prices.currency is 'ISO 4217.';

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
