-- What became of each item of a message, so that every item sent can be accounted for.

alter table private.receipts
  add column items_before bigint not null default 0,
  add column part integer not null default 1,
  add column parts integer not null default 1,
  add column written integer not null default 0,
  add column duplicate integer not null default 0,
  add column outcomes text not null default '',
  add column reasons json;
comment on column private.receipts.items_before is 'Items in all earlier messages of the producer: a gap tells how many items were lost.';
comment on column private.receipts.part is 'Which part of the body or answer it was, from 1.';
comment on column private.receipts.parts is 'In how many parts the body or answer travelled.';
comment on column private.receipts.written is 'Of the items those that changed a row, at the first delivery.';
comment on column private.receipts.duplicate is 'Of the items those that brought nothing new, at the first delivery.';
comment on column private.receipts.outcomes is 'A letter an item: w written, d duplicate, r rejected.';
comment on column private.receipts.reasons is 'Why items were rejected, by item number.';
create index receipts_receipt_idx on private.receipts (receipt);
