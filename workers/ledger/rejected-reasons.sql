-- How many rejected items wait, by reason and kind, the most first, as one JSON text. $1 JSON filter: kind, imei, from, to, all of
-- them or null.
with wanted as materialized (
  select * from json_to_record($1::text::json) as wanted ("kind" text, "imei" text, "from" timestamptz, "to" timestamptz)
), counted as (
  select i.reason, i.kind, count(*) as items, count(distinct i.imei) as vehicles, min(i.received_at) as first_at,
    max(i.received_at) as last_at
  from private.rejected_items i, wanted
  where i.redriven_at is null
    and (wanted."kind" is null or i.kind = wanted."kind")
    and (wanted."imei" is null or i.imei = wanted."imei")
    and (wanted."from" is null or i.received_at >= wanted."from")
    and (wanted."to" is null or i.received_at < wanted."to")
  group by i.reason, i.kind
)
select coalesce(json_agg(json_build_object(
  'reason', reason, 'kind', kind, 'items', items, 'vehicles', vehicles,
  'firstAt', to_char(first_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
  'lastAt', to_char(last_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')) order by items desc, reason, kind), '[]')::text as body
from counted
