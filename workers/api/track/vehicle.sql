-- What vehicle $1 is called; no row where it is unknown, or is left out of maps.
select coalesce(d.plate, d.device_name, d.imei) as name
from tracksolid.devices d
where d.imei = $1 and d.kind = 'vehicle' and not d.hidden_on_map
