-- Keeps rejected items from a JSON list $1. The same item rejected for the same reason is kept once.
insert into private.rejected_items
  (producer, sequence, item_number, kind, account, imei, reason, detail, item, received_at)
select "producer", "sequence", "itemNumber", "kind", "account", "imei", "reason", "detail", "item", "receivedAt"
from json_to_recordset($1::text::json) as rejected (
  "producer" text, "sequence" bigint, "itemNumber" integer, "kind" text, "account" text, "imei" text,
  "reason" text, "detail" text, "item" text, "receivedAt" timestamptz
)
order by "producer", "sequence", "itemNumber"
on conflict do nothing
