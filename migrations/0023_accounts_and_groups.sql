-- Accounts below those that are polled, and the groups in which the vendor's users sort their devices.

create table tracksolid.accounts (
  account   text primary key,
  parent    text not null,
  name      text,
  type      smallint,
  enabled   boolean,
  listed_at timestamptz not null
);
comment on table tracksolid.accounts is 'Accounts that the vendor lists below the polled ones. One that is not polled itself brings no devices: an operator adds it to TRACKSOLID_TARGETS, or leaves it. Nothing personal is kept.';
comment on column tracksolid.accounts.account is 'Login name.';
comment on column tracksolid.accounts.parent is 'The account below which it was listed.';
comment on column tracksolid.accounts.name is 'Display name.';
comment on column tracksolid.accounts.type is 'Vendor type: 3 app user, 8 distributor, 9 ordinary user, 10 ordinary distributor, 11 sales.';
comment on column tracksolid.accounts.enabled is 'Vendor enabledFlag.';
comment on column tracksolid.accounts.listed_at is 'When it was last listed (UTC): one that is gone stays, with the day it was last seen.';

create table tracksolid.device_groups (
  group_id  text primary key,
  account   text,
  name      text not null,
  listed_at timestamptz not null
);
comment on table tracksolid.device_groups is 'Device groups by their id: a device may come with the id alone.';
comment on column tracksolid.device_groups.group_id is 'Vendor id of the group, as in devices.group_id.';
comment on column tracksolid.device_groups.account is 'Account whose group it is.';
comment on column tracksolid.device_groups.name is 'Its name.';
comment on column tracksolid.device_groups.listed_at is 'When it was last listed (UTC).';
