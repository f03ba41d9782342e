-- Keeps what was answered about cells, from the list `tracksolid.addresses`. The newest answer wins, also one that no
-- address is known.
insert into tracksolid.geocode_cache as c (cell, lat, lng, address, fetched_at)
select "cell", "lat", "lng", "address", "fetchedAt"
from json_to_recordset(current_setting('tracksolid.addresses')::json) as told (
  "cell" text, "lat" double precision, "lng" double precision, "address" text, "fetchedAt" timestamptz
)
order by "cell"
on conflict (cell) do update set
  lat = excluded.lat, lng = excluded.lng, address = excluded.address, fetched_at = excluded.fetched_at
where excluded.fetched_at > c.fetched_at
