-- The books of a period, as one JSON text: what its producers sent, and what became of it. $1 from and $2 to; $3 what was
-- proven to exist up to then and is nowhere is lost; $4 what R2 holds and how far producers have counted (witnesses.ts);
-- $5 a producer, null for all.
--
-- What was sent follows from numbers alone: each message has one, and says how many items its producer sent before it. A
-- number that is not there belongs to the time of the next message that is, or, after the last, to that of the count.
--
-- Measured: 7 s for 700,000 receipts (15,000 vehicles, three days) with 20,000 messages in R2, 10 µs a receipt whatever the
-- period: who is missing shows only beside all others of its producer.
with given as materialized (
  select $4::text::json as facts
), delivered as materialized (
  select r.producer, r.sequence as first, r.sequence + 1 as past, r.items_before as items_from,
    r.items_before + r.items as items_to, r.received_at as at, r.delivered_at as known_at,
    r.kind, 1 as messages, r.items, r.written, r.duplicate, r.rejected
  from private.receipts r
  where ($5::text is null or r.producer = $5)
    -- Delivered once more after it was folded.
    and not exists (
      select from private.receipt_hours h
      where h.producer = r.producer and h.hour = date_trunc('hour', r.received_at, 'UTC') and h.kind = r.kind
        and h.numbers @> r.sequence)
), hours as materialized (
  select h.* from private.receipt_hours h
  where ($5::text is null or h.producer = $5)
    and h.producer in (
      select producer from private.receipt_hours where hour >= $1::text::timestamptz
      union select producer from delivered
      union select "producer" from given, json_to_recordset(facts->'kept') as kept ("producer" text)
      union select "producer" from given, json_to_recordset(facts->'counts') as counted ("producer" text))
), span as materialized (
  select producer, first, past, items_from, items_to, at, known_at from delivered
  union all
  -- No message is without items, so that a stretch of numbers is a stretch of items.
  select h.producer, lower(s.numbers), upper(s.numbers), lower(s.items), upper(s.items), h.hour, h.delivered_at
  from hours h cross join lateral rows from (unnest(h.numbers), unnest(h.item_numbers)) as s (numbers, items)
), kept as materialized (
  -- A message that was kept twice is one message.
  select distinct on (k."producer", n.sequence)
    k."producer" as producer, n.sequence, k."items" as items, k."state" as state, k."at" as at, k."keptAt" as known_at
  from given
  cross join lateral json_to_recordset(facts->'kept') as k (
    "producer" text, "from" bigint, "to" bigint, "items" bigint, "state" text, "at" timestamptz, "keptAt" timestamptz)
  cross join lateral generate_series(k."from", k."to") as n (sequence)
  where ($5::text is null or k."producer" = $5)
  order by k."producer", n.sequence, k."state" = 'dead', k."keptAt"
), refused as materialized (
  select distinct r."producer" as producer, r."sequence" as sequence, r."items" as items, r."at" as at
  from given
  cross join lateral json_to_recordset(facts->'refused') as r (
    "producer" text, "sequence" bigint, "items" bigint, "at" timestamptz)
  where ($5::text is null or r."producer" = $5)
), elsewhere as (
  select producer, sequence, items, state, at, known_at from kept
  union all
  -- The queue may have taken what it seemed to refuse.
  select producer, sequence, items, 'refused', at, at from refused
  where not exists (select from kept k where k.producer = refused.producer and k.sequence = refused.sequence)
), place as (
  select producer, first, past, items_from, items_to, at, known_at, 'delivered' as state, items_to - items_from as items
  from span
  union all
  select e.producer, e.sequence, e.sequence + 1, null, null, e.at, e.known_at, e.state, e.items
  from elsewhere e
  where not exists (select from private.receipts r where r.producer = e.producer and r.sequence = e.sequence)
    and not exists (select from hours h where h.producer = e.producer and h.numbers @> e.sequence)
  union all
  select c."producer", c."sequence" + 1, c."sequence" + 1, c."items", c."items", c."at", c."at", 'counted', 0
  from given
  cross join lateral json_to_recordset(facts->'counts') as c (
    "producer" text, "sequence" bigint, "items" bigint, "at" timestamptz)
  where ($5::text is null or c."producer" = $5)
    and not exists (select from span s where s.producer = c."producer" and s.past > c."sequence" + 1)
), placed as materialized (
  select *,
    first - coalesce(max(past) over earlier, 1) as gap,
    coalesce(max(items_to) over earlier, 0) as items_before,
    -- Backwards, so that each row adds one: a frame that shrinks would be added up anew for every row.
    min(known_at) over later as proven_at,
    -- What lies between two places whose item numbers are known goes with the later one.
    count(items_to) over later as stretch
  from place
  window
    earlier as (partition by producer order by first, past rows between unbounded preceding and 1 preceding),
    later as (partition by producer order by first desc, past desc rows between unbounded preceding and current row)
), stretch as (
  select
    coalesce(max(at) filter (where items_to is not null), max(at)) as at,
    max(past) - min(first - gap) - count(*) filter (where state = 'refused') as sent,
    coalesce(max(items_to) - min(items_before), sum(items))
      - coalesce(sum(items) filter (where state = 'refused'), 0) as sent_items,
    coalesce(sum(items) filter (where state = 'delivered'), 0) as delivered_items,
    count(*) filter (where state = 'parked') as parked,
    coalesce(sum(items) filter (where state = 'parked'), 0) as parked_items,
    count(*) filter (where state = 'dead') as dead,
    coalesce(sum(items) filter (where state = 'dead'), 0) as dead_items,
    coalesce(sum(gap) filter (where proven_at > $3::text::timestamptz), 0) as pending,
    coalesce(sum(gap) filter (where proven_at <= $3::text::timestamptz), 0) as missing
  from placed
  group by producer, stretch
), sent as (
  select *, sent_items - delivered_items - parked_items - dead_items as items_nowhere
  from stretch where at >= $1::text::timestamptz and at < $2::text::timestamptz
), kinds as (
  select kind, sum(messages) as messages, sum(items) as items, sum(written) as written, sum(duplicate) as duplicate,
    sum(rejected) as rejected
  from (
    select kind, messages, items, written, duplicate, rejected from delivered
    where at >= $1::text::timestamptz and at < $2::text::timestamptz
    union all
    select kind, messages, items, written, duplicate, rejected from hours
    where hour >= $1::text::timestamptz and hour < $2::text::timestamptz
  ) receipt
  group by kind
), gaps as (
  select producer, first - gap as first, first - 1 as last, proven_at from placed
  where gap > 0 and proven_at <= $3::text::timestamptz and at >= $1::text::timestamptz and at < $2::text::timestamptz
  order by proven_at, producer, first limit 20
)
select json_build_object(
  'received', json_build_object('messages', coalesce(sum(sent), 0), 'items', coalesce(sum(sent_items), 0)),
  'delivered', (select json_build_object(
    'messages', coalesce(sum(messages), 0), 'written', coalesce(sum(written), 0),
    'duplicate', coalesce(sum(duplicate), 0), 'rejected', coalesce(sum(rejected), 0)) from kinds),
  'parked', json_build_object('messages', coalesce(sum(parked), 0), 'items', coalesce(sum(parked_items), 0)),
  'dead', json_build_object('messages', coalesce(sum(dead), 0), 'items', coalesce(sum(dead_items), 0)),
  'pending', json_build_object('messages', coalesce(sum(pending), 0),
    'items', coalesce(sum(items_nowhere) filter (where pending > 0 and missing = 0), 0)),
  'missing', json_build_object('messages', coalesce(sum(missing), 0),
    'items', coalesce(sum(items_nowhere) filter (where pending = 0 or missing > 0), 0)),
  'kinds', (select coalesce(json_agg(json_build_object(
    'kind', kind, 'messages', messages, 'items', items, 'written', written, 'duplicate', duplicate,
    'rejected', rejected) order by kind), '[]') from kinds),
  'gaps', (select coalesce(json_agg(json_build_object(
    'producer', producer, 'from', first, 'to', last,
    'provenAt', to_char(proven_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')) order by proven_at, producer, first), '[]')
    from gaps)
)::text as body
from sent
