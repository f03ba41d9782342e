-- Trouble codes, and pushes that are no measurement. What is not known yet is kept here too, raw. There are few.

create table tracksolid.fault_codes (
  imei         text not null,
  fault_time   timestamptz not null,
  hash         text not null,
  fault_code   text,
  fault_detail text,
  source       text not null default 'push' check (source in ('push', 'poll')),
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
comment on column tracksolid.fault_codes.source is 'push or poll. What is told both ways has one row: the polled one, which says what the code means.';
comment on column tracksolid.fault_codes.undated is 'The item had no readable time: the row has that of its receipt.';
comment on column tracksolid.fault_codes.raw is 'The item as sent.';
comment on column tracksolid.fault_codes.received_at is 'When it first reached us (UTC).';

-- The row that tells less makes way for the other.
grant delete on tracksolid.fault_codes to ingest_app;

create table tracksolid.device_events (
  imei           text not null,
  event_time     timestamptz not null,
  hash           text not null,
  kind           text not null,
  event_type     text not null,
  path           text,
  channel        text,
  file_names     text,
  instruction_id text,
  outcome        text,
  card           text,
  mac            text,
  content        text,
  lat            double precision,
  lng            double precision,
  undated        boolean not null,
  raw            json not null,
  received_at    timestamptz not null,
  primary key (imei, event_time, hash)
);
create index device_events_event_time_idx on tracksolid.device_events (event_time);

comment on table tracksolid.device_events is 'Whatever else devices and the platform push: log-ins, files, commands, cards, serial data, and what we do not know yet.';
comment on column tracksolid.device_events.imei is 'Device identity, '''' where the push names none.';
comment on column tracksolid.device_events.event_time is 'When it happened (UTC).';
comment on column tracksolid.device_events.hash is 'MD5 of the item with its kind: the same item twice is one row.';
comment on column tracksolid.device_events.kind is 'What the push was: the vendor''s path in lower case, or push_other.';
comment on column tracksolid.device_events.event_type is 'What happened: LOGIN, LOGOUT, UploadAlarmFileEnd; the kind where the item does not say.';
comment on column tracksolid.device_events.path is 'Path that the push came to.';
comment on column tracksolid.device_events.channel is 'Camera or data channel.';
comment on column tracksolid.device_events.file_names is 'Media or files, as sent.';
comment on column tracksolid.device_events.instruction_id is 'Command that this answers.';
comment on column tracksolid.device_events.outcome is 'Result as sent: SUCCESS, FAILURE, a number.';
comment on column tracksolid.device_events.card is 'Card that was swiped.';
comment on column tracksolid.device_events.mac is 'Bluetooth MAC.';
comment on column tracksolid.device_events.content is 'Payload as sent, at most 500 characters; raw has all of it.';
comment on column tracksolid.device_events.lat is 'Latitude, WGS-84 degrees.';
comment on column tracksolid.device_events.lng is 'Longitude, WGS-84 degrees.';
comment on column tracksolid.device_events.undated is 'The item had no readable time: the row has that of its receipt.';
comment on column tracksolid.device_events.raw is 'The item as sent.';
comment on column tracksolid.device_events.received_at is 'When it first reached us (UTC).';
