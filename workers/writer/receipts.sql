-- Notes delivered messages from the list `tracksolid.receipts`. The counts are those of the first delivery.
insert into private.receipts as r (
  producer, sequence, items_before, receipt, part, parts, source, kind, account, received_at, delivered_at, deliveries,
  items, written, duplicate, rejected, outcomes, reasons
)
select
  "producer", "sequence", "itemsBefore", "receipt", "part", "parts", "source", "kind", "account", "receivedAt",
  "deliveredAt", "deliveries", "items", "written", "duplicate", "rejected", "outcomes", "reasons"
from json_to_recordset(current_setting('tracksolid.receipts')::json) as receipt (
  "producer" text, "sequence" bigint, "itemsBefore" bigint, "receipt" text, "part" integer, "parts" integer,
  "source" text, "kind" text, "account" text, "receivedAt" timestamptz, "deliveredAt" timestamptz,
  "deliveries" integer, "items" integer, "written" integer, "duplicate" integer, "rejected" integer,
  "outcomes" text, "reasons" json
)
order by "producer", "sequence"
on conflict (producer, sequence) do update set deliveries = r.deliveries + excluded.deliveries
