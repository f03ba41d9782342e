-- Adds up receipts received before $1, by the hour, and takes them away; in one statement, so that it happens once. A
-- message that was folded before and came again changes nothing.
with old as (
  delete from private.receipts where received_at < $1::text::timestamptz returning *
), hourly as (
  select r.producer, date_trunc('hour', r.received_at, 'UTC') as hour, r.kind,
    range_agg(int8range(r.sequence, r.sequence + 1)) as numbers,
    range_agg(int8range(r.items_before, r.items_before + r.items)) as item_numbers,
    count(*) as messages, sum(r.deliveries) as deliveries, sum(r.items) as items, sum(r.written) as written,
    sum(r.duplicate) as duplicate, sum(r.rejected) as rejected, min(r.delivered_at) as delivered_at
  from old r
  left join private.receipt_hours h
    on h.producer = r.producer and h.hour = date_trunc('hour', r.received_at, 'UTC') and h.kind = r.kind
  where h.numbers is null or not h.numbers @> r.sequence
  group by 1, 2, 3
), folded as (
  insert into private.receipt_hours as h (
    producer, hour, kind, numbers, item_numbers, messages, deliveries, items, written, duplicate, rejected, delivered_at
  )
  select * from hourly order by producer, hour, kind
  on conflict (producer, hour, kind) do update set
    numbers      = h.numbers + excluded.numbers,
    item_numbers = h.item_numbers + excluded.item_numbers,
    messages     = h.messages + excluded.messages,
    deliveries   = h.deliveries + excluded.deliveries,
    items        = h.items + excluded.items,
    written      = h.written + excluded.written,
    duplicate    = h.duplicate + excluded.duplicate,
    rejected     = h.rejected + excluded.rejected,
    delivered_at = least(h.delivered_at, excluded.delivered_at)
)
select count(*)::integer as messages from old
