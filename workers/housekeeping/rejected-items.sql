-- Takes away rejected items received before $1, the oldest first, at most $2. What somebody else is taking is left to them.
with old as materialized (
  select producer, sequence, item_number from private.rejected_items
  where received_at < $1::text::timestamptz
  order by received_at, producer, sequence, item_number
  limit $2::int
  for update skip locked
)
delete from private.rejected_items i using old
where (i.producer, i.sequence, i.item_number) = (old.producer, old.sequence, old.item_number)
