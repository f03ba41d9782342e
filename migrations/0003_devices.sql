-- The registry: the fleet, the accounts that hold it, and one row per device, as the vendor's device list and detail describe
-- it, plus our own facts.

create table tracksolid.fleet (
  one  boolean primary key default true check (one),
  zone text not null
);
comment on table tracksolid.fleet is 'What holds for the whole fleet, in its one row.';
comment on column tracksolid.fleet.one is 'There is one row.';
comment on column tracksolid.fleet.zone is 'Time zone in which days are counted (IANA name).';
insert into tracksolid.fleet (zone) values ('Africa/Nairobi');

create table tracksolid.accounts (
  account   text primary key,
  parent    text not null,
  name      text,
  type      smallint,
  enabled   boolean,
  listed_at timestamptz not null
);
comment on table tracksolid.accounts is 'Accounts that the vendor lists below the polled ones. One that is not polled itself brings no devices: an operator adds it to TRACKSOLID_TARGETS, or leaves it. Nothing personal is kept.';
comment on column tracksolid.accounts.account is 'Login name.';
comment on column tracksolid.accounts.parent is 'The account below which it was listed.';
comment on column tracksolid.accounts.name is 'Display name.';
comment on column tracksolid.accounts.type is 'Vendor type: 3 app user, 8 distributor, 9 ordinary user, 10 ordinary distributor, 11 sales.';
comment on column tracksolid.accounts.enabled is 'Vendor enabledFlag.';
comment on column tracksolid.accounts.listed_at is 'When it was last listed (UTC): one that is gone stays, with the day it was last seen.';

create table tracksolid.device_groups (
  group_id  text primary key,
  account   text,
  name      text not null,
  listed_at timestamptz not null
);
comment on table tracksolid.device_groups is 'Device groups by their id: a device may come with the id alone.';
comment on column tracksolid.device_groups.group_id is 'Vendor id of the group, as in devices.group_id.';
comment on column tracksolid.device_groups.account is 'Account whose group it is.';
comment on column tracksolid.device_groups.name is 'Its name.';
comment on column tracksolid.device_groups.listed_at is 'When it was last listed (UTC).';

-- changed_at is when this row was written, whoever wrote it: the live map reconciles by it, edits by hand
-- included. An update that changes nothing else is not carried out.
create function tracksolid.touch_changed_at() returns trigger
language plpgsql as $$
begin
  if tg_op = 'UPDATE' then
    new.changed_at := old.changed_at;
    if new is not distinct from old then
      return null;
    end if;
  end if;
  new.changed_at := clock_timestamp();
  return new;
end $$;
comment on function tracksolid.touch_changed_at() is 'Keeps changed_at and drops updates that change nothing.';

create table tracksolid.devices (
  imei                    text primary key check (imei ~ '^[0-9]{14,17}$'),
  account                 text,
  account_at              timestamptz,
  device_name             text,
  model                   text,
  use_scope               text,
  sim                     text,
  iccid                   text,
  imsi                    text,
  remark                  text,
  vehicle_name            text,
  vehicle_icon            text,
  vehicle_model           text,
  vehicle_brand           text,
  plate                   text,
  vin                     text,
  frame_number            text,
  engine_number           text,
  driver_name             text,
  driver_phone            text,
  group_id                text,
  group_name              text,
  customer_name           text,
  fuel_l_per_100_km       double precision,
  odometer_km             double precision,
  activated_at            timestamptz,
  expires_at              timestamptz,
  imported_at             timestamptz,
  vendor_enabled          boolean,
  kind                    text not null default 'vehicle' check (kind in ('vehicle', 'canary')),
  city                    text,
  segment                 text,
  vehicle_type            text,
  shift                   text,
  own_plate               text,
  own_driver_name         text,
  own_driver_phone        text,
  own_fuel_l_per_100_km   real check (own_fuel_l_per_100_km > 0),
  own_tank_l              real check (own_tank_l > 0),
  own_service_interval_km real check (own_service_interval_km > 0),
  hidden_on_map           boolean not null default false,
  enabled                 boolean not null default true,
  registered_by           text check (registered_by in ('list', 'poll', 'push')),
  listed_at               timestamptz,
  detailed_at             timestamptz,
  facts_at                timestamptz not null,
  created_at              timestamptz not null,
  changed_at              timestamptz not null,
  constraint devices_own_driver_check check (own_driver_name is not null or own_driver_phone is null)
);

create index devices_account_idx on tracksolid.devices (account) where enabled;

comment on table tracksolid.devices is 'One row per tracking device. Vendor fields come from the device list, the device detail and, for a device nobody listed yet, its first position.';
comment on column tracksolid.devices.imei is 'Device identity, digits as text.';
comment on column tracksolid.devices.account is 'Owning Tracksolid account, as the detail or a position names it; the listed account only until then.';
comment on column tracksolid.devices.account_at is 'When the vendor first named this owner (UTC): an older answer does not change it.';
comment on column tracksolid.devices.device_name is 'Vendor deviceName: free text, often holds plate and driver.';
comment on column tracksolid.devices.model is 'Vendor mcType, e.g. GT06N.';
comment on column tracksolid.devices.use_scope is 'Vendor mcTypeUseScope, e.g. automobile.';
comment on column tracksolid.devices.sim is 'SIM phone number.';
comment on column tracksolid.devices.iccid is 'SIM card number.';
comment on column tracksolid.devices.imsi is 'Subscriber number of the SIM.';
comment on column tracksolid.devices.remark is 'Vendor reMark.';
comment on column tracksolid.devices.vehicle_name is 'Vendor vehicleName.';
comment on column tracksolid.devices.vehicle_icon is 'Vendor vehicleIcon, e.g. truck.';
comment on column tracksolid.devices.vehicle_model is 'Vendor vehicleModels.';
comment on column tracksolid.devices.vehicle_brand is 'Vendor vehicleBrand.';
comment on column tracksolid.devices.plate is 'Licence plate that counts: own_plate, else vehicleNumber, else licensePlatNo.';
comment on column tracksolid.devices.vin is 'Vehicle identification number, from the detail.';
comment on column tracksolid.devices.frame_number is 'Vendor carFrame.';
comment on column tracksolid.devices.engine_number is 'Vendor engineNumber.';
comment on column tracksolid.devices.driver_name is 'Driver that counts: own_driver_name, else as the device detail names them (the list always says null).';
comment on column tracksolid.devices.driver_phone is 'Phone of the driver that counts: own_driver_phone, else from the detail.';
comment on column tracksolid.devices.group_id is 'Vendor device group id.';
comment on column tracksolid.devices.group_name is 'Vendor device group.';
comment on column tracksolid.devices.customer_name is 'Display name of the owning account.';
comment on column tracksolid.devices.fuel_l_per_100_km is 'Nominal consumption, litres per 100 km.';
comment on column tracksolid.devices.odometer_km is 'Odometer at the last detail, km.';
comment on column tracksolid.devices.activated_at is 'Activation at the vendor (UTC).';
comment on column tracksolid.devices.expires_at is 'End of the vendor platform subscription (UTC).';
comment on column tracksolid.devices.imported_at is 'When the vendor imported the device (UTC).';
comment on column tracksolid.devices.vendor_enabled is 'Vendor enabledFlag.';
comment on column tracksolid.devices.kind is 'vehicle, or canary (a device that only proves the pipeline works).';
comment on column tracksolid.devices.city is 'Home city. Ours, never the vendor''s.';
comment on column tracksolid.devices.segment is 'Business segment. Ours.';
comment on column tracksolid.devices.vehicle_type is 'Vehicle class. Ours.';
comment on column tracksolid.devices.shift is 'Shift of its driver, as in shifts. Ours.';
comment on column tracksolid.devices.own_plate is 'Licence plate where it is not the vendor''s to say. Ours.';
comment on column tracksolid.devices.own_driver_name is 'Driver where it is not the vendor''s to say. Ours.';
comment on column tracksolid.devices.own_driver_phone is 'Their phone. Ours.';
comment on column tracksolid.devices.own_fuel_l_per_100_km is 'Consumption where it differs from its type''s, litres per 100 km. Ours.';
comment on column tracksolid.devices.own_tank_l is 'What the tank holds where it differs from its type''s, litres. Ours.';
comment on column tracksolid.devices.own_service_interval_km is 'Service interval where it differs from its type''s, km. Ours.';
comment on column tracksolid.devices.hidden_on_map is 'Left out of the live map. Ours.';
comment on column tracksolid.devices.enabled is 'False once every account answered and none lists the device any more; true again when it returns.';
comment on column tracksolid.devices.registered_by is 'What named the device first: list (device sync), poll (a position) or push. Null: by hand, or before this was noted.';
comment on column tracksolid.devices.listed_at is 'Start of the newest device sync that listed it (UTC).';
comment on column tracksolid.devices.detailed_at is 'When the newest detail was received (UTC).';
comment on column tracksolid.devices.facts_at is 'When the vendor gave the newest facts that changed the row (UTC): an older answer only fills nulls.';
comment on column tracksolid.devices.created_at is 'When the device was first heard of (UTC).';
comment on column tracksolid.devices.changed_at is 'When any column last changed (UTC).';

-- What the company says of a vehicle where the vendor says something else, or nothing: the columns that everybody reads
-- (plate, driver_name, driver_phone) hold what counts, whoever writes.
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

create trigger touch_changed_at before insert or update on tracksolid.devices
  for each row execute function tracksolid.touch_changed_at();

create table private.device_sweep (
  only_row        boolean primary key default true check (only_row),
  swept_at        timestamptz,
  pending_at      timestamptz,
  pending_devices integer
);
comment on table private.device_sweep is 'Device syncs in which every account answered sanely: who was not listed since is disabled.';
comment on column private.device_sweep.only_row is 'Makes this a one-row table.';
comment on column private.device_sweep.swept_at is 'Start of the newest sync that was applied (UTC).';
comment on column private.device_sweep.pending_at is 'Start of a sync that waits for its listings to be written (UTC).';
comment on column private.device_sweep.pending_devices is 'How many devices it listed.';
