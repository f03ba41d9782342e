-- The delivered messages of receipt $1, as one JSON text: a letter an item, and why items were rejected.
select coalesce(json_agg(json_build_object(
  'producer', r.producer, 'sequence', r.sequence, 'kind', r.kind, 'account', r.account, 'part', r.part, 'parts', r.parts,
  'receivedAt', to_char(r.received_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
  'deliveredAt', to_char(r.delivered_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
  'deliveries', r.deliveries, 'outcomes', r.outcomes, 'reasons', coalesce(r.reasons, '{}'),
  'details', coalesce((
    select json_object_agg(i.item_number, i.detail) from private.rejected_items i
    where i.producer = r.producer and i.sequence = r.sequence and i.redriven_at is null
  ), '{}')
) order by r.received_at, r.producer, r.sequence), '[]')::text as body
from private.receipts r
where r.receipt = $1
