-- The newest of `reading` (kinds.ts) in [$2, $3). $4 vehicles (filter of reporting.fn_chosen_vehicles), $5 drivers (JSON list, null: any).
-- $6 the last of the page before (JSON: at, imei, hash; {} for the first), $7 how many. $8 most vehicles: of more nothing is read, and
-- only their number is told.
-- No index of these tables leads by time, since each would be written with every reading: each vehicle's newest are read by its key.
-- A page of 100 of 3.3 million heartbeats of 150 vehicles: 15,092 rows, 14 ms; of one vehicle 101, 4 ms; of 1,000: 150 ms.
vehicle as materialized (
  select * from reporting.fn_chosen_vehicles($4::text::json, $5::text::json, false) limit $8::int + 1
), bound as materialized (
  select coalesce(a."at", $3::text::timestamptz) as at, coalesce(a."imei", '') as imei, coalesce(a."hash", '') as hash,
    (select count(*) from vehicle) as vehicles
  from json_to_record($6::text::json) as a ("at" timestamptz, "imei" text, "hash" text)
), page as materialized (
  select k.* from vehicle v cross join lateral (
    select * from reading k
    where k.imei = v.imei and k.at >= $2::text::timestamptz and k.at <= (select at from bound)
      and (k.at < (select at from bound) or (k.imei, k.hash) < (select imei, hash from bound))
      and ($5::text is null or exists (
        select from reporting.fn_driver_at(k.imei, k.at) where driver_name in (select json_array_elements_text($5::text::json))
      ))
    order by k.at desc, k.hash desc
    limit $7::int + 1
  ) k
  where (select vehicles <= $8::int from bound)
  order by k.at desc, k.imei desc, k.hash desc
  limit $7::int + 1
), shown as materialized (
  select row_number() over (order by at desc, imei desc, hash desc) as n, * from page order by n limit $7::int
)
