-- Registers and updates devices from a JSON list $1, one element per IMEI.
-- A null says nothing: the list calls return null for what the detail knows. The newer answer wins, an
-- older one only fills nulls. The owner is whom the vendor names; the listed account only until it does.
insert into tracksolid.devices as d (
  imei, account, account_at, listed_at, detailed_at, facts_at, created_at,
  device_name, model, use_scope, sim, iccid, imsi, remark, vehicle_name, vehicle_icon, vehicle_model,
  vehicle_brand, plate, vin, engine_number, driver_name, driver_phone, group_id, group_name, customer_name,
  fuel_l_per_100_km, odometer_km, activated_at, expires_at, imported_at, vendor_enabled
)
select
  "imei", coalesce("account", "listedIn"), case when "account" is not null then "seenAt" end,
  "listedAt", "detailedAt", "seenAt", "seenAt",
  "deviceName", "model", "useScope", "sim", "iccid", "imsi", "remark", "vehicleName", "vehicleIcon",
  "vehicleModel", "vehicleBrand", "plate", "vin", "engineNumber", "driverName", "driverPhone", "groupId",
  "groupName", "customerName", "fuelLPer100Km", "odometerKm", "activatedAt", "expiresAt", "importedAt",
  "vendorEnabled"
from json_to_recordset($1::text::json) as facts (
  "imei" text, "seenAt" timestamptz, "listedIn" text, "account" text, "listedAt" timestamptz, "detailedAt" timestamptz,
  "deviceName" text, "model" text, "useScope" text, "sim" text, "iccid" text, "imsi" text, "remark" text,
  "vehicleName" text, "vehicleIcon" text, "vehicleModel" text, "vehicleBrand" text, "plate" text,
  "vin" text, "engineNumber" text, "driverName" text, "driverPhone" text, "groupId" text, "groupName" text,
  "customerName" text, "fuelLPer100Km" double precision, "odometerKm" double precision,
  "activatedAt" timestamptz, "expiresAt" timestamptz, "importedAt" timestamptz, "vendorEnabled" boolean
)
order by "imei"
on conflict (imei) do update set
  account = case
    when excluded.account_at >= coalesce(d.account_at, '-infinity') then excluded.account
    else coalesce(d.account, excluded.account)
  end,
  account_at = greatest(d.account_at, excluded.account_at),
  listed_at = greatest(d.listed_at, excluded.listed_at),
  detailed_at = greatest(d.detailed_at, excluded.detailed_at),
  facts_at = greatest(d.facts_at, excluded.facts_at),
  enabled = d.enabled or coalesce(excluded.listed_at >= (select swept_at from private.device_sweep), false),
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
-- The minute's poll repeats the same facts for ever: no row is touched for them.
where excluded.listed_at > coalesce(d.listed_at, '-infinity')
  or excluded.detailed_at > coalesce(d.detailed_at, '-infinity')
  or (excluded.account_at >= coalesce(d.account_at, '-infinity') and excluded.account is distinct from d.account)
  or (
    coalesce(excluded.device_name, d.device_name), coalesce(excluded.model, d.model),
    coalesce(excluded.use_scope, d.use_scope), coalesce(excluded.sim, d.sim),
    coalesce(excluded.iccid, d.iccid), coalesce(excluded.imsi, d.imsi),
    coalesce(excluded.remark, d.remark), coalesce(excluded.vehicle_name, d.vehicle_name),
    coalesce(excluded.vehicle_icon, d.vehicle_icon), coalesce(excluded.vehicle_model, d.vehicle_model),
    coalesce(excluded.vehicle_brand, d.vehicle_brand), coalesce(excluded.plate, d.plate),
    coalesce(excluded.vin, d.vin), coalesce(excluded.engine_number, d.engine_number),
    coalesce(excluded.driver_name, d.driver_name), coalesce(excluded.driver_phone, d.driver_phone),
    coalesce(excluded.group_id, d.group_id), coalesce(excluded.group_name, d.group_name),
    coalesce(excluded.customer_name, d.customer_name),
    coalesce(excluded.fuel_l_per_100_km, d.fuel_l_per_100_km),
    coalesce(excluded.odometer_km, d.odometer_km), coalesce(excluded.activated_at, d.activated_at),
    coalesce(excluded.expires_at, d.expires_at), coalesce(excluded.imported_at, d.imported_at),
    coalesce(excluded.vendor_enabled, d.vendor_enabled)
  ) is distinct from (
    d.device_name, d.model, d.use_scope, d.sim, d.iccid, d.imsi, d.remark, d.vehicle_name, d.vehicle_icon,
    d.vehicle_model, d.vehicle_brand, d.plate, d.vin, d.engine_number, d.driver_name, d.driver_phone,
    d.group_id, d.group_name, d.customer_name, d.fuel_l_per_100_km, d.odometer_km, d.activated_at,
    d.expires_at, d.imported_at, d.vendor_enabled
  )
