-- The books beyond three days, and what became of rejected items that were tried again.

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

-- Folding takes away what it has added up.
grant delete on private.receipts to ingest_app;

-- Receipts from before outcomes were noted do not say what went before them, so that no books can be kept of them.
delete from private.receipts where outcomes = '';

alter table private.rejected_items
  add column path text,
  add column redriven_at timestamptz;
comment on column private.rejected_items.path is 'Path of the push that held it: with it the item can be parsed again as it came.';
comment on column private.rejected_items.redriven_at is 'When the item became a record after all (UTC).';
-- Should the same item be rejected again after that, it is news.
drop index private.rejected_items_digest_idx;
create unique index rejected_items_digest_idx on private.rejected_items (digest) where redriven_at is null;
-- Pages go by time and then by identity.
drop index private.rejected_items_received_at_idx;
create index rejected_items_received_at_idx
  on private.rejected_items (received_at, producer, sequence, item_number);
