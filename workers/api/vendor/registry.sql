-- The registry beside which the vendor's lists are shown, by IMEI; canary devices too, as the vendor may list them.
select
  imei, enabled, account, device_name as name, plate, driver_name as driver, driver_phone as "driverPhone", sim,
  own_plate is not null as "ownPlate", own_driver_name is not null as "ownDriver"
from tracksolid.devices
order by imei
