-- Registers and updates devices, from the list `tracksolid.devices` with one element per IMEI.
-- A null says nothing: the list calls return null for what the detail knows. The newer answer wins, an
-- older one only fills nulls. The owner is whom the vendor names; the listed account only until it does.
insert into tracksolid.devices as d (
  imei, account, account_at, listed_at, detailed_at, facts_at, created_at, registered_by,
  device_name, model, use_scope, sim, iccid, imsi, remark, vehicle_name, vehicle_icon, vehicle_model,
  vehicle_brand, plate, vin, frame_number, engine_number, driver_name, driver_phone, group_id, group_name,
  customer_name, fuel_l_per_100_km, odometer_km, activated_at, expires_at, imported_at, vendor_enabled
)
select
  "imei", coalesce("account", "listedIn"), case when "account" is not null then "seenAt" end,
  "listedAt", "detailedAt", "seenAt", "seenAt",
  -- A poll knows whom it asked, a push does not.
  case when coalesce("listedAt", "detailedAt") is not null then 'list' when "listedIn" is not null then 'poll' else 'push' end,
  "deviceName", "model", "useScope", "sim", "iccid", "imsi", "remark", "vehicleName", "vehicleIcon",
  "vehicleModel", "vehicleBrand", "plate", "vin", "frameNumber", "engineNumber", "driverName",
  "driverPhone", "groupId", "groupName", "customerName", "fuelLPer100Km", "odometerKm", "activatedAt",
  "expiresAt", "importedAt", "vendorEnabled"
from json_to_recordset(current_setting('tracksolid.devices')::json) as facts (
  "imei" text, "seenAt" timestamptz, "listedIn" text, "account" text, "listedAt" timestamptz, "detailedAt" timestamptz,
  "deviceName" text, "model" text, "useScope" text, "sim" text, "iccid" text, "imsi" text, "remark" text,
  "vehicleName" text, "vehicleIcon" text, "vehicleModel" text, "vehicleBrand" text, "plate" text,
  "vin" text, "frameNumber" text, "engineNumber" text, "driverName" text, "driverPhone" text,
  "groupId" text, "groupName" text, "customerName" text, "fuelLPer100Km" double precision,
  "odometerKm" double precision, "activatedAt" timestamptz, "expiresAt" timestamptz,
  "importedAt" timestamptz, "vendorEnabled" boolean
)
-- The minute's poll repeats the same facts for ever. They are left out before the insert, which would lock
-- the row even where it changes nothing: 3 times faster at 15,000 devices, and nothing written.
where not exists (
  select from tracksolid.devices k
  where k.imei = facts."imei"
    and coalesce(facts."listedAt" <= k.listed_at, facts."listedAt" is null)
    and coalesce(facts."detailedAt" <= k.detailed_at, facts."detailedAt" is null)
    and coalesce(facts."account", k.account, facts."listedIn") is not distinct from k.account
    and (facts."account" is null or k.account_at is not null)
    and (
      coalesce(facts."deviceName", k.device_name), coalesce(facts."model", k.model),
      coalesce(facts."useScope", k.use_scope), coalesce(facts."sim", k.sim),
      coalesce(facts."iccid", k.iccid), coalesce(facts."imsi", k.imsi), coalesce(facts."remark", k.remark),
      coalesce(facts."vehicleName", k.vehicle_name), coalesce(facts."vehicleIcon", k.vehicle_icon),
      coalesce(facts."vehicleModel", k.vehicle_model), coalesce(facts."vehicleBrand", k.vehicle_brand),
      coalesce(k.own_plate, facts."plate", k.plate), coalesce(facts."vin", k.vin),
      coalesce(facts."frameNumber", k.frame_number), coalesce(facts."engineNumber", k.engine_number),
      -- What the company says stands: the table's trigger would put it back.
      coalesce(k.own_driver_name, facts."driverName", k.driver_name),
      case when k.own_driver_name is null then coalesce(facts."driverPhone", k.driver_phone) else k.driver_phone end,
      coalesce(facts."groupId", k.group_id), coalesce(facts."groupName", k.group_name),
      coalesce(facts."customerName", k.customer_name),
      coalesce(facts."fuelLPer100Km", k.fuel_l_per_100_km), coalesce(facts."odometerKm", k.odometer_km),
      coalesce(facts."activatedAt", k.activated_at), coalesce(facts."expiresAt", k.expires_at),
      coalesce(facts."importedAt", k.imported_at), coalesce(facts."vendorEnabled", k.vendor_enabled)
    ) is not distinct from (
      k.device_name, k.model, k.use_scope, k.sim, k.iccid, k.imsi, k.remark, k.vehicle_name,
      k.vehicle_icon, k.vehicle_model, k.vehicle_brand, k.plate, k.vin, k.frame_number, k.engine_number,
      k.driver_name, k.driver_phone, k.group_id, k.group_name, k.customer_name, k.fuel_l_per_100_km,
      k.odometer_km, k.activated_at, k.expires_at, k.imported_at, k.vendor_enabled
    )
)
order by "imei"
-- An update that turns out to change nothing is dropped by the table's trigger.
on conflict (imei) do update set
  account = case
    when excluded.account_at >= coalesce(d.account_at, '-infinity') then excluded.account
    else coalesce(d.account, excluded.account)
  end,
  account_at = case
    when excluded.account is distinct from d.account then greatest(d.account_at, excluded.account_at)
    else coalesce(d.account_at, excluded.account_at)
  end,
  listed_at = greatest(d.listed_at, excluded.listed_at),
  detailed_at = greatest(d.detailed_at, excluded.detailed_at),
  facts_at = greatest(d.facts_at, excluded.facts_at),
  -- A list that is played again says nothing of today.
  enabled = d.enabled or (coalesce(excluded.listed_at >= (select swept_at from private.device_sweep), false)
    and coalesce(current_setting('tracksolid.replay', true), '') <> 'on'),
  device_name = case when excluded.facts_at >= d.facts_at then coalesce(excluded.device_name, d.device_name) else coalesce(d.device_name, excluded.device_name) end,
  model = case when excluded.facts_at >= d.facts_at then coalesce(excluded.model, d.model) else coalesce(d.model, excluded.model) end,
  use_scope = case when excluded.facts_at >= d.facts_at then coalesce(excluded.use_scope, d.use_scope) else coalesce(d.use_scope, excluded.use_scope) end,
  sim = case when excluded.facts_at >= d.facts_at then coalesce(excluded.sim, d.sim) else coalesce(d.sim, excluded.sim) end,
  iccid = case when excluded.facts_at >= d.facts_at then coalesce(excluded.iccid, d.iccid) else coalesce(d.iccid, excluded.iccid) end,
  imsi = case when excluded.facts_at >= d.facts_at then coalesce(excluded.imsi, d.imsi) else coalesce(d.imsi, excluded.imsi) end,
  remark = case when excluded.facts_at >= d.facts_at then coalesce(excluded.remark, d.remark) else coalesce(d.remark, excluded.remark) end,
  vehicle_name = case when excluded.facts_at >= d.facts_at then coalesce(excluded.vehicle_name, d.vehicle_name) else coalesce(d.vehicle_name, excluded.vehicle_name) end,
  vehicle_icon = case when excluded.facts_at >= d.facts_at then coalesce(excluded.vehicle_icon, d.vehicle_icon) else coalesce(d.vehicle_icon, excluded.vehicle_icon) end,
  vehicle_model = case when excluded.facts_at >= d.facts_at then coalesce(excluded.vehicle_model, d.vehicle_model) else coalesce(d.vehicle_model, excluded.vehicle_model) end,
  vehicle_brand = case when excluded.facts_at >= d.facts_at then coalesce(excluded.vehicle_brand, d.vehicle_brand) else coalesce(d.vehicle_brand, excluded.vehicle_brand) end,
  plate = case when excluded.facts_at >= d.facts_at then coalesce(excluded.plate, d.plate) else coalesce(d.plate, excluded.plate) end,
  vin = case when excluded.facts_at >= d.facts_at then coalesce(excluded.vin, d.vin) else coalesce(d.vin, excluded.vin) end,
  frame_number = case when excluded.facts_at >= d.facts_at then coalesce(excluded.frame_number, d.frame_number) else coalesce(d.frame_number, excluded.frame_number) end,
  engine_number = case when excluded.facts_at >= d.facts_at then coalesce(excluded.engine_number, d.engine_number) else coalesce(d.engine_number, excluded.engine_number) end,
  driver_name = case when excluded.facts_at >= d.facts_at then coalesce(excluded.driver_name, d.driver_name) else coalesce(d.driver_name, excluded.driver_name) end,
  driver_phone = case when excluded.facts_at >= d.facts_at then coalesce(excluded.driver_phone, d.driver_phone) else coalesce(d.driver_phone, excluded.driver_phone) end,
  group_id = case when excluded.facts_at >= d.facts_at then coalesce(excluded.group_id, d.group_id) else coalesce(d.group_id, excluded.group_id) end,
  group_name = case when excluded.facts_at >= d.facts_at then coalesce(excluded.group_name, d.group_name) else coalesce(d.group_name, excluded.group_name) end,
  customer_name = case when excluded.facts_at >= d.facts_at then coalesce(excluded.customer_name, d.customer_name) else coalesce(d.customer_name, excluded.customer_name) end,
  fuel_l_per_100_km = case when excluded.facts_at >= d.facts_at then coalesce(excluded.fuel_l_per_100_km, d.fuel_l_per_100_km) else coalesce(d.fuel_l_per_100_km, excluded.fuel_l_per_100_km) end,
  odometer_km = case when excluded.facts_at >= d.facts_at then coalesce(excluded.odometer_km, d.odometer_km) else coalesce(d.odometer_km, excluded.odometer_km) end,
  activated_at = case when excluded.facts_at >= d.facts_at then coalesce(excluded.activated_at, d.activated_at) else coalesce(d.activated_at, excluded.activated_at) end,
  expires_at = case when excluded.facts_at >= d.facts_at then coalesce(excluded.expires_at, d.expires_at) else coalesce(d.expires_at, excluded.expires_at) end,
  imported_at = case when excluded.facts_at >= d.facts_at then coalesce(excluded.imported_at, d.imported_at) else coalesce(d.imported_at, excluded.imported_at) end,
  vendor_enabled = case when excluded.facts_at >= d.facts_at then coalesce(excluded.vendor_enabled, d.vendor_enabled) else coalesce(d.vendor_enabled, excluded.vendor_enabled) end
returning tracksolid.registry_facts(d) as facts, (xmax = 0) as inserted
