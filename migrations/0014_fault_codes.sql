-- Diagnostic trouble codes, a row for each.

create table tracksolid.fault_codes (
  imei         text not null,
  fault_time   timestamptz not null,
  hash         text not null,
  fault_code   text,
  fault_detail text,
  undated      boolean not null,
  raw          json not null,
  received_at  timestamptz not null,
  primary key (imei, fault_time, hash)
);

comment on table tracksolid.fault_codes is 'Diagnostic trouble codes as reported, a row for each code of an item.';
comment on column tracksolid.fault_codes.imei is 'Device identity.';
comment on column tracksolid.fault_codes.fault_time is 'When it was reported (UTC).';
comment on column tracksolid.fault_codes.hash is 'MD5 of the item with its kind: the same item twice is one row.';
comment on column tracksolid.fault_codes.fault_code is 'Trouble code, e.g. P0301; null where the item names none.';
comment on column tracksolid.fault_codes.fault_detail is 'What the vendor says of it.';
comment on column tracksolid.fault_codes.undated is 'The item had no readable time: the row has that of its receipt.';
comment on column tracksolid.fault_codes.raw is 'The item as sent.';
comment on column tracksolid.fault_codes.received_at is 'When it first reached us (UTC).';
