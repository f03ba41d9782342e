-- Notes rejected items that became records, from the list `tracksolid.redriven`, with the letter that says what became of
-- each: in their own rows and in the receipt of their message, or in its hour where that is folded. Whoever was first
-- counts: an item is moved in the books once.
with outcome as (
  select * from json_to_recordset(current_setting('tracksolid.redriven')::json) as outcome (
    "producer" text, "sequence" bigint, "itemNumber" integer, "letter" text, "at" timestamptz)
), marked as (
  update private.rejected_items i set redriven_at = o."at"
  from outcome o
  where i.producer = o."producer" and i.sequence = o."sequence" and i.item_number = o."itemNumber"
    and i.redriven_at is null
  returning i.producer, i.sequence, i.item_number, i.kind, i.received_at, o."letter" as letter
), receipt as (
  select r.producer, r.sequence,
    count(*) filter (where m.letter = 'w') as written, count(*) filter (where m.letter = 'd') as duplicate, count(*) as moved,
    json_object_agg(m.item_number, m.letter)::jsonb as letters
  from marked m
  join private.receipts r on r.producer = m.producer and r.sequence = m.sequence
    and substr(r.outcomes, m.item_number + 1, 1) = 'r'
  group by r.producer, r.sequence
), receipts as (
  update private.receipts r set
    written   = r.written + receipt.written,
    duplicate = r.duplicate + receipt.duplicate,
    rejected  = r.rejected - receipt.moved,
    outcomes  = (
      select string_agg(coalesce(receipt.letters ->> n::text, substr(r.outcomes, n + 1, 1)), '' order by n)
      from generate_series(0, length(r.outcomes) - 1) n),
    reasons   = (
      select json_object_agg(key, value) from json_each_text(r.reasons) where not receipt.letters ? key)
  from receipt
  where r.producer = receipt.producer and r.sequence = receipt.sequence
), hours as (
  update private.receipt_hours h set
    written   = h.written + folded.written,
    duplicate = h.duplicate + folded.duplicate,
    rejected  = h.rejected - folded.moved
  from (
    select h.producer, h.hour, h.kind,
      count(*) filter (where m.letter = 'w') as written, count(*) filter (where m.letter = 'd') as duplicate, count(*) as moved
    from marked m
    join private.receipt_hours h on h.producer = m.producer and h.kind = m.kind
      and h.hour = date_trunc('hour', m.received_at, 'UTC') and h.numbers @> m.sequence
    group by h.producer, h.hour, h.kind
  ) folded
  where h.producer = folded.producer and h.hour = folded.hour and h.kind = folded.kind
)
select count(*)::integer as items from marked
