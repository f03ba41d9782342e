-- Keeps rejected items from the list `tracksolid.rejected`. The same item rejected for the same reason is kept once.
insert into private.rejected_items
  (producer, sequence, item_number, kind, account, path, imei, reason, detail, item, received_at)
select "producer", "sequence", "itemNumber", "kind", "account", "path", "imei", "reason", "detail", "item", "receivedAt"
from json_to_recordset(current_setting('tracksolid.rejected')::json) as rejected (
  "producer" text, "sequence" bigint, "itemNumber" integer, "kind" text, "account" text, "path" text, "imei" text,
  "reason" text, "detail" text, "item" text, "receivedAt" timestamptz
)
-- In the order of the digest, the key that two writers can share: the other is their own.
order by md5("reason" || "item"), "producer", "sequence", "itemNumber"
on conflict do nothing
returning true as inserted
