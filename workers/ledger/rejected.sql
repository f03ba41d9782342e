-- A page of rejected items, oldest first, as rows. $1 JSON filter: reason, kind, imei, from, to, ids (triples of producer,
-- sequence, item number), all of them or null; redriven: those that became records too. $2 the last of the page before
-- (JSON: receivedAt, producer, sequence, itemNumber) or null. $3 how many.
with wanted as materialized (
  select * from json_to_record($1::text::json) as wanted (
    "reason" text, "kind" text, "imei" text, "from" timestamptz, "to" timestamptz, "ids" json, "redriven" boolean)
), after as materialized (
  select * from json_to_record($2::text::json) as after (
    "receivedAt" timestamptz, "producer" text, "sequence" bigint, "itemNumber" integer)
)
select i.producer, i.sequence::float8 as sequence, i.item_number as "itemNumber", i.kind, i.account, i.path, i.imei, i.reason,
  i.detail, i.item,
  to_char(i.received_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as "receivedAt",
  to_char(i.redriven_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as "redrivenAt"
from private.rejected_items i, wanted
where (wanted."redriven" or i.redriven_at is null)
  and (wanted."reason" is null or i.reason = wanted."reason")
  and (wanted."kind" is null or i.kind = wanted."kind")
  and (wanted."imei" is null or i.imei = wanted."imei")
  and (wanted."from" is null or i.received_at >= wanted."from")
  and (wanted."to" is null or i.received_at < wanted."to")
  and (wanted."ids" is null or (i.producer, i.sequence, i.item_number) in (
    select "producer", "sequence", "itemNumber" from json_to_recordset(wanted."ids") as id (
      "producer" text, "sequence" bigint, "itemNumber" integer)))
  and ($2::text is null or (i.received_at, i.producer, i.sequence, i.item_number) > (
    select "receivedAt", "producer", "sequence", "itemNumber" from after))
order by i.received_at, i.producer, i.sequence, i.item_number
limit $3::int
