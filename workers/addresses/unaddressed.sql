-- The newest trips and stays since $1 with a place that has no address, at most $2 of them; those of which was said since
-- $3 that no address is known are left in peace.
with trip as (
  select k.imei, k.start_time as at
  from tracksolid.trips k
  where k.start_time >= $1::text::timestamptz
    and (k.start_address is null and k.start_cell is not null or k.end_address is null and k.end_cell is not null)
    and (
      k.start_address is null and k.start_cell is not null and not exists (
        select from tracksolid.geocode_cache c
        where c.cell = k.start_cell and c.address is null and c.fetched_at >= $3::text::timestamptz
      )
      or k.end_address is null and k.end_cell is not null and not exists (
        select from tracksolid.geocode_cache c
        where c.cell = k.end_cell and c.address is null and c.fetched_at >= $3::text::timestamptz
      )
    )
  order by k.start_time desc
  limit $2::int
), stay as (
  select k.imei, k.start_time as at
  from tracksolid.parking_events k
  where k.start_time >= $1::text::timestamptz and k.address is null and k.cell is not null
    and not exists (
      select from tracksolid.geocode_cache c
      where c.cell = k.cell and c.address is null and c.fetched_at >= $3::text::timestamptz
    )
  order by k.start_time desc
  limit $2::int
)
select newest.imei, to_char(newest.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as at
from (select * from trip union all select * from stay) newest
order by newest.at desc
limit $2::int
