-- The ingest's own bookkeeping. No reader sees it.

create table private.receipts (
  producer      text not null,
  sequence      bigint not null,
  receipt       text not null,
  source        text not null,
  kind          text not null,
  account       text,
  received_at   timestamptz not null,
  items         integer not null,
  rejected      integer not null,
  delivered_at  timestamptz not null,
  deliveries    integer not null default 1,
  primary key (producer, sequence)
);
create index receipts_received_at_idx on private.receipts (received_at);
comment on table private.receipts is 'One row per queue message: what it held and how often it was delivered.';
comment on column private.receipts.producer is 'The isolate that sent the message.';
comment on column private.receipts.sequence is 'Its number there, from 1; a gap is a lost message.';
comment on column private.receipts.receipt is 'Run or body the items came from (UUIDv7).';
comment on column private.receipts.source is 'poll, or push.';
comment on column private.receipts.kind is 'What the items are.';
comment on column private.receipts.account is 'Account the items came from.';
comment on column private.receipts.received_at is 'When the vendor answered (UTC).';
comment on column private.receipts.items is 'Items in the message.';
comment on column private.receipts.rejected is 'Of them rejected, at the first delivery.';
comment on column private.receipts.delivered_at is 'First successful delivery (UTC).';
comment on column private.receipts.deliveries is 'Successful deliveries.';

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
  received_at timestamptz not null,
  digest      text generated always as (md5(reason || item)) stored,
  primary key (producer, sequence, item_number)
);
-- A poll repeats a silent device's broken item every minute: it is kept once.
create unique index rejected_items_digest_idx on private.rejected_items (digest);
create index rejected_items_received_at_idx on private.rejected_items (received_at);
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
comment on column private.rejected_items.received_at is 'When the vendor answered (UTC).';
comment on column private.rejected_items.digest is 'Same reason and same item: the same rejection.';

create table private.leases (
  name       text primary key,
  holder     text not null,
  taken_at   timestamptz not null,
  expires_at timestamptz not null
);
grant delete on private.leases to ingest_app;
comment on table private.leases is 'Who runs what, by compare and set: never advisory locks, connections are pooled by transaction.';
comment on column private.leases.name is 'What is leased, e.g. a job.';
comment on column private.leases.holder is 'Run id of the holder.';
comment on column private.leases.taken_at is 'When it was taken (UTC).';
comment on column private.leases.expires_at is 'From then on anybody may take it (UTC).';
