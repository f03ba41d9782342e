-- What became of every item that was sent: receipts by message, the same by the hour after three days, and what was rejected. No
-- reader sees it.

create table private.receipts (
  producer      text not null,
  sequence      bigint not null,
  receipt       text not null,
  source        text not null,
  kind          text not null,
  account       text,
  received_at   timestamptz not null,
  items_before  bigint not null,
  part          integer not null default 1,
  parts         integer not null default 1,
  items         integer not null,
  written       integer not null default 0,
  duplicate     integer not null default 0,
  rejected      integer not null,
  outcomes      text not null,
  reasons       json,
  delivered_at  timestamptz not null,
  deliveries    integer not null default 1,
  primary key (producer, sequence)
);
create index receipts_received_at_idx on private.receipts (received_at);
create index receipts_receipt_idx on private.receipts (receipt);
-- Folding them into hours takes away what it has added up.
grant delete on private.receipts to ingest_app;
comment on table private.receipts is 'One row per queue message: what it held and how often it was delivered.';
comment on column private.receipts.producer is 'The isolate that sent the message.';
comment on column private.receipts.sequence is 'Its number there, from 1; a gap is a lost message.';
comment on column private.receipts.receipt is 'Run or body the items came from (UUIDv7).';
comment on column private.receipts.source is 'poll, or push.';
comment on column private.receipts.kind is 'What the items are.';
comment on column private.receipts.account is 'Account the items came from.';
comment on column private.receipts.received_at is 'When the vendor answered (UTC).';
comment on column private.receipts.items_before is 'Items in all earlier messages of the producer: a gap tells how many items were lost.';
comment on column private.receipts.part is 'Which part of the body or answer it was, from 1.';
comment on column private.receipts.parts is 'In how many parts the body or answer travelled.';
comment on column private.receipts.items is 'Items in the message.';
comment on column private.receipts.written is 'Of the items those that changed a row, at the first delivery.';
comment on column private.receipts.duplicate is 'Of the items those that brought nothing new, at the first delivery.';
comment on column private.receipts.rejected is 'Of them rejected, at the first delivery.';
comment on column private.receipts.outcomes is 'A letter an item: w written, d duplicate, r rejected.';
comment on column private.receipts.reasons is 'Why items were rejected, by item number.';
comment on column private.receipts.delivered_at is 'First successful delivery (UTC).';
comment on column private.receipts.deliveries is 'Successful deliveries.';

create table private.receipt_hours (
  producer     text not null,
  hour         timestamptz not null,
  kind         text not null,
  numbers      int8multirange not null,
  item_numbers int8multirange not null,
  messages     integer not null,
  deliveries   integer not null,
  items        bigint not null,
  written      bigint not null,
  duplicate    bigint not null,
  rejected     bigint not null,
  delivered_at timestamptz not null,
  primary key (producer, hour, kind)
);
create index receipt_hours_hour_idx on private.receipt_hours (hour);
grant delete on private.receipt_hours to ingest_app;
comment on table private.receipt_hours is 'Receipts older than three days, added up by hour. Which messages they were stays known, so that gaps stay visible.';
comment on column private.receipt_hours.producer is 'The isolate that sent the messages.';
comment on column private.receipt_hours.hour is 'Hour in which they were received (UTC).';
comment on column private.receipt_hours.kind is 'What their items are.';
comment on column private.receipt_hours.numbers is 'Their numbers.';
comment on column private.receipt_hours.item_numbers is 'Numbers of their items, counted from 0 over all messages of the producer.';
comment on column private.receipt_hours.messages is 'How many messages.';
comment on column private.receipt_hours.deliveries is 'Their successful deliveries.';
comment on column private.receipt_hours.items is 'Their items.';
comment on column private.receipt_hours.written is 'Of the items those that changed a row.';
comment on column private.receipt_hours.duplicate is 'Of the items those that brought nothing new.';
comment on column private.receipt_hours.rejected is 'Of the items those that could not become records.';
comment on column private.receipt_hours.delivered_at is 'First delivery among them (UTC).';

create table private.rejected_items (
  producer    text not null,
  sequence    bigint not null,
  item_number integer not null,
  kind        text not null,
  account     text,
  imei        text,
  reason      text not null,
  detail      text not null,
  item        text not null,
  path        text,
  received_at timestamptz not null,
  redriven_at timestamptz,
  digest      text generated always as (md5(reason || item)) stored,
  primary key (producer, sequence, item_number)
);
-- A poll repeats a silent device's broken item every minute: it is kept once. Rejected again after it became a record, it is
-- news.
create unique index rejected_items_digest_idx on private.rejected_items (digest) where redriven_at is null;
-- Pages go by time and then by identity.
create index rejected_items_received_at_idx
  on private.rejected_items (received_at, producer, sequence, item_number);
grant delete on private.rejected_items to ingest_app;
comment on table private.rejected_items is 'Items that could not become records, as sent, with the reason.';
comment on column private.rejected_items.producer is 'Message id, first half.';
comment on column private.rejected_items.sequence is 'Message id, second half.';
comment on column private.rejected_items.item_number is 'Position in the message, from 0.';
comment on column private.rejected_items.kind is 'Kind of the message.';
comment on column private.rejected_items.account is 'Account it came from.';
comment on column private.rejected_items.imei is 'Device, where it could be read.';
comment on column private.rejected_items.reason is 'Reason from the closed list.';
comment on column private.rejected_items.detail is 'What exactly was wrong.';
comment on column private.rejected_items.item is 'The item as JSON text.';
comment on column private.rejected_items.path is 'Path of the push that held it: with it the item can be parsed again as it came.';
comment on column private.rejected_items.received_at is 'When the vendor answered (UTC).';
comment on column private.rejected_items.redriven_at is 'When the item became a record after all (UTC).';
comment on column private.rejected_items.digest is 'Same reason and same item: the same rejection.';
