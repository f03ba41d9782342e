-- Takes away the books of hours before $1, the oldest first, at most $2. What somebody else is taking is left to them.
-- A producer counts from its first message on: as long as something younger of it is left, all of it is, or what is left
-- would seem to miss what was taken.
with old as materialized (
  select h.producer, h.hour, h.kind from private.receipt_hours h
  where h.hour < $1::text::timestamptz
    and not exists (
      select from private.receipt_hours y where y.producer = h.producer and y.hour >= $1::text::timestamptz)
    and not exists (select from private.receipts r where r.producer = h.producer)
  order by h.hour, h.producer, h.kind
  limit $2::int
  for update of h skip locked
)
delete from private.receipt_hours h using old where (h.producer, h.hour, h.kind) = (old.producer, old.hour, old.kind)
