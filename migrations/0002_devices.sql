-- The registry: one row per device, as the vendor's device list and detail describe it, plus our own facts.

create table tracksolid.devices (
  imei              text primary key check (imei ~ '^[0-9]{14,17}$'),
  account           text,
  account_at        timestamptz,
  device_name       text,
  model             text,
  use_scope         text,
  sim               text,
  iccid             text,
  imsi              text,
  remark            text,
  vehicle_name      text,
  vehicle_icon      text,
  vehicle_model     text,
  vehicle_brand     text,
  plate             text,
  vin               text,
  frame_number      text,
  engine_number     text,
  driver_name       text,
  driver_phone      text,
  group_id          text,
  group_name        text,
  customer_name     text,
  fuel_l_per_100_km double precision,
  odometer_km       double precision,
  activated_at      timestamptz,
  expires_at        timestamptz,
  imported_at       timestamptz,
  vendor_enabled    boolean,
  kind              text not null default 'vehicle' check (kind in ('vehicle', 'canary')),
  city              text,
  segment           text,
  vehicle_type      text,
  hidden_on_map     boolean not null default false,
  enabled           boolean not null default true,
  listed_at         timestamptz,
  detailed_at       timestamptz,
  facts_at          timestamptz not null,
  created_at        timestamptz not null,
  changed_at        timestamptz not null
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
comment on column tracksolid.devices.plate is 'Licence plate: vehicleNumber, else licensePlatNo.';
comment on column tracksolid.devices.vin is 'Vehicle identification number, from the detail.';
comment on column tracksolid.devices.frame_number is 'Vendor carFrame.';
comment on column tracksolid.devices.engine_number is 'Vendor engineNumber.';
comment on column tracksolid.devices.driver_name is 'Driver as the device detail names them (the list always says null).';
comment on column tracksolid.devices.driver_phone is 'Driver phone, from the detail.';
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
comment on column tracksolid.devices.hidden_on_map is 'Left out of the live map. Ours.';
comment on column tracksolid.devices.enabled is 'False once every account answered and none lists the device any more; true again when it returns.';
comment on column tracksolid.devices.listed_at is 'Start of the newest device sync that listed it (UTC).';
comment on column tracksolid.devices.detailed_at is 'When the newest detail was received (UTC).';
comment on column tracksolid.devices.facts_at is 'When the vendor gave the newest facts that changed the row (UTC): an older answer only fills nulls.';
comment on column tracksolid.devices.created_at is 'When the device was first heard of (UTC).';
comment on column tracksolid.devices.changed_at is 'When any column last changed (UTC).';

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

create trigger touch_changed_at before insert or update on tracksolid.devices
  for each row execute function tracksolid.touch_changed_at();
