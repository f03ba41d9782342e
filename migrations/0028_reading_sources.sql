-- OBD readings and trouble codes may be polled too. Which rows were pushed tells what of the two is the same.

alter table tracksolid.obd_readings add column source text not null default 'push';
alter table tracksolid.fault_codes add column source text not null default 'push';

-- The row that tells less makes way for the other.
grant delete on tracksolid.obd_readings, tracksolid.fault_codes to ingest_app;

comment on table tracksolid.obd_readings is 'OBD and CAN readings, pushed, and polled where POLL_OBD is on; the fields are read through aliases, raw has all of them. A hypertable on reading_time where TimescaleDB is installed.';
comment on column tracksolid.obd_readings.source is 'push or poll. What is told both ways has one row: the pushed one, unless the polled one tells more.';
comment on column tracksolid.fault_codes.source is 'push or poll. What is told both ways has one row: the polled one, which says what the code means.';
