-- What vehicles warned of. Start and end are told apart and may come in either order, so ends are kept of their own
-- and the end of an alarm is recomputed from both.

create table tracksolid.alarms (
  imei           text not null,
  canonical_code text not null,
  fence_id       text not null default '',
  alarm_time     timestamptz not null,
  code           text not null,
  alarm_type     text not null,
  alarm_name     text,
  lat            double precision,
  lng            double precision,
  speed_kmh      real,
  msg_class      smallint,
  level          smallint,
  alert_value    text,
  file_names     text,
  ended_at       timestamptz,
  source         text not null check (source in ('poll', 'push')),
  sources        smallint not null,
  raw            json not null,
  received_at    timestamptz not null,
  primary key (imei, canonical_code, fence_id, alarm_time)
);
create index alarms_alarm_time_idx on tracksolid.alarms (alarm_time);

comment on table tracksolid.alarms is 'Alarms, each once, whether polled or pushed and under whichever of equal codes.';
comment on column tracksolid.alarms.imei is 'Device identity.';
comment on column tracksolid.alarms.canonical_code is 'Code of the event, from alarm_codes; a code that is not there stands for itself.';
comment on column tracksolid.alarms.fence_id is 'Fence it is about, '''' where none is: two fences may be left at once.';
comment on column tracksolid.alarms.alarm_time is 'When it began (UTC).';
comment on column tracksolid.alarms.code is 'Code as first reported, with its list: jimi:48, jt:265.2, word:overSpeed.';
comment on column tracksolid.alarms.alarm_type is 'Code as first sent: a number as text, or a word.';
comment on column tracksolid.alarms.alarm_name is 'Name as sent, else as in alarm_codes. Platform fences have their name in it.';
comment on column tracksolid.alarms.lat is 'Latitude, WGS-84 degrees.';
comment on column tracksolid.alarms.lng is 'Longitude, WGS-84 degrees.';
comment on column tracksolid.alarms.speed_kmh is 'Speed, km/h.';
comment on column tracksolid.alarms.msg_class is 'Code list of a pushed code: 0 JIMI, 1 JT/T 808. The same number means different things.';
comment on column tracksolid.alarms.level is 'JT/T alarm level, 1 or 2.';
comment on column tracksolid.alarms.alert_value is 'Measured value of a threshold alarm, as sent.';
comment on column tracksolid.alarms.file_names is 'Media of the alarm, as sent.';
comment on column tracksolid.alarms.ended_at is 'First end reported at or after its start and before the next alarm of the same kind (UTC).';
comment on column tracksolid.alarms.source is 'First origin: poll or push.';
comment on column tracksolid.alarms.sources is 'Every origin: bit 1 poll, 2 push.';
comment on column tracksolid.alarms.raw is 'The item as first sent.';
comment on column tracksolid.alarms.received_at is 'When it first reached us (UTC).';

create table tracksolid.alarm_ends (
  imei           text not null,
  canonical_code text not null,
  fence_id       text not null default '',
  ended_at       timestamptz not null,
  code           text not null,
  source         text not null check (source in ('poll', 'push')),
  raw            json not null,
  received_at    timestamptz not null,
  primary key (imei, canonical_code, fence_id, ended_at)
);

comment on table tracksolid.alarm_ends is 'That an alarm ended. An end may come before its alarm does.';
comment on column tracksolid.alarm_ends.imei is 'Device identity.';
comment on column tracksolid.alarm_ends.canonical_code is 'Code of the event, as in alarms.';
comment on column tracksolid.alarm_ends.fence_id is 'Fence it is about, '''' where none is.';
comment on column tracksolid.alarm_ends.ended_at is 'When it ended (UTC).';
comment on column tracksolid.alarm_ends.code is 'Code as first reported.';
comment on column tracksolid.alarm_ends.source is 'First origin: poll or push.';
comment on column tracksolid.alarm_ends.raw is 'The item as sent.';
comment on column tracksolid.alarm_ends.received_at is 'When it first reached us (UTC).';
