-- In a replay, before devices.sql: what the detail alone tells (reference §2.2) is set to the newest detail's word. To
-- devices.sql that detail is old as soon as any answer has told something newer of the device; all other facts the
-- next answer of their kind puts right.
with told as (
  select facts.*
  from json_to_recordset(current_setting('tracksolid.devices')::json) as facts (
    "imei" text, "detailedAt" timestamptz, "iccid" text, "imsi" text, "vehicleBrand" text, "vin" text,
    "driverName" text, "driverPhone" text, "customerName" text, "fuelLPer100Km" double precision,
    "odometerKm" double precision, "importedAt" timestamptz
  )
  join tracksolid.devices d on d.imei = facts."imei" and d.detailed_at = facts."detailedAt"
  order by d.imei
  for update of d
)
-- An update that turns out to change nothing is dropped by the table's trigger. A null says nothing.
update tracksolid.devices d set
  iccid = coalesce(told."iccid", d.iccid),
  imsi = coalesce(told."imsi", d.imsi),
  vehicle_brand = coalesce(told."vehicleBrand", d.vehicle_brand),
  vin = coalesce(told."vin", d.vin),
  driver_name = coalesce(told."driverName", d.driver_name),
  driver_phone = coalesce(told."driverPhone", d.driver_phone),
  customer_name = coalesce(told."customerName", d.customer_name),
  fuel_l_per_100_km = coalesce(told."fuelLPer100Km", d.fuel_l_per_100_km),
  odometer_km = coalesce(told."odometerKm", d.odometer_km),
  imported_at = coalesce(told."importedAt", d.imported_at)
from told
where d.imei = told."imei"
returning tracksolid.registry_facts(d) as facts
