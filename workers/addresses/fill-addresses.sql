-- Gives trips and stays the addresses that are known: those in the list `tracksolid.places`, by vehicle and moment, and
-- all that wait for a cell in it. What has an address keeps it. Says for which cells of the others an answer is missing
-- or older than `tracksolid.addresses_since`, with the newest place in each.
-- Only those who hold a vehicle's turn may wait for its rows: another one leaves out what is locked, and whoever locked
-- it either finds the cell in the cache or asks for it again.
with place as materialized (
  select * from json_to_recordset(current_setting('tracksolid.places')::json) as place (
    "imei" text, "at" timestamptz, "cell" text
  )
), trip as materialized (
  select k.imei, k.start_time
  from place p join tracksolid.trips k on k.imei = p."imei" and k.start_time = p."at"
  union
  select k.imei, k.start_time
  from place p join tracksolid.trips k on k.start_cell = p."cell" and k.start_address is null
  union
  select k.imei, k.start_time
  from place p join tracksolid.trips k on k.end_cell = p."cell" and k.end_address is null
), stay as materialized (
  -- Reports of one stay are one row, which may have begun before the one that is meant.
  select k.imei, k.start_time, k.acc
  from place p join tracksolid.parking_events k on k.imei = p."imei" and k.start_time <= p."at"
    and k.start_time > p."at" - interval '32 days' and coalesce(k.end_time, 'infinity') >= p."at"
  where k.address is null and k.cell is not null
  union
  select k.imei, k.start_time, k.acc
  from place p join tracksolid.parking_events k on k.cell = p."cell" and k.address is null
), spot as materialized (
  select k.start_cell as cell, k.start_lat as lat, k.start_lng as lng, k.start_time as at
  from trip join tracksolid.trips k using (imei, start_time)
  where k.start_address is null and k.start_cell is not null
  union all
  select k.end_cell, k.end_lat, k.end_lng, k.end_time
  from trip join tracksolid.trips k using (imei, start_time)
  where k.end_address is null and k.end_cell is not null
  union all
  select k.cell, k.lat, k.lng, coalesce(k.end_time, k.start_time)
  from stay join tracksolid.parking_events k using (imei, start_time, acc)
), answer as materialized (
  select c.cell, c.address
  from tracksolid.geocode_cache c
  where c.cell in (select spot.cell from spot)
    and c.fetched_at >= current_setting('tracksolid.addresses_since')::timestamptz
), known as materialized (
  select answer.cell, answer.address from answer where answer.address is not null
), free_trip as materialized (
  -- Cells as they are once the row is locked.
  select k.imei, k.start_time, k.start_cell, k.end_cell
  from trip join tracksolid.trips k using (imei, start_time)
  where k.start_address is null and k.start_cell in (select known.cell from known)
    or k.end_address is null and k.end_cell in (select known.cell from known)
  order by k.imei, k.start_time
  for update of k skip locked
), free_stay as materialized (
  select k.imei, k.start_time, k.acc, k.cell
  from stay join tracksolid.parking_events k using (imei, start_time, acc)
  where k.address is null and k.cell in (select known.cell from known)
  order by k.imei, k.start_time, k.acc
  for update of k skip locked
), filled_trips as (
  update tracksolid.trips k set
    start_address = coalesce(k.start_address, s.address), end_address = coalesce(k.end_address, e.address)
  from free_trip f
  left join known s on s.cell = f.start_cell
  left join known e on e.cell = f.end_cell
  where k.imei = f.imei and k.start_time = f.start_time
  returning k.imei, k.start_time
), filled_stays as (
  update tracksolid.parking_events k set address = known.address
  from free_stay f join known on known.cell = f.cell
  where k.imei = f.imei and k.start_time = f.start_time and k.acc = f.acc
  returning k.imei, k.start_time
), noted as (
  -- Their days are others than before to whoever keeps a copy.
  insert into private.changed_elsewhere (imei, from_time, to_time)
  select imei, start_time, start_time from filled_trips
  union
  select imei, start_time, start_time from filled_stays
)
select distinct on (spot.cell) spot.cell, spot.lat, spot.lng,
  (extract(epoch from spot.at) * 1000)::float8 as "atMs"
from spot
where not exists (select from answer where answer.cell = spot.cell)
order by spot.cell, spot.at desc
