-- Notes delivered messages from the list `tracksolid.receipts`. The counts are those of the first delivery.
insert into private.receipts as r
  (producer, sequence, receipt, source, kind, account, received_at, items, rejected, delivered_at, deliveries)
select "producer", "sequence", "receipt", "source", "kind", "account", "receivedAt", "items", "rejected", "deliveredAt", "deliveries"
from json_to_recordset(current_setting('tracksolid.receipts')::json) as receipt (
  "producer" text, "sequence" bigint, "receipt" text, "source" text, "kind" text, "account" text,
  "receivedAt" timestamptz, "items" integer, "rejected" integer, "deliveredAt" timestamptz, "deliveries" integer
)
order by "producer", "sequence"
on conflict (producer, sequence) do update set deliveries = r.deliveries + excluded.deliveries
