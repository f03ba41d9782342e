-- A push may name a device that no list has told of yet: it is registered at once and completed by the next device
-- sync. How it came is kept, since a device that only pushes know belongs to an account that nobody polls.

alter table tracksolid.devices
  add column registered_by text check (registered_by in ('list', 'poll', 'push'));

comment on column tracksolid.devices.registered_by is 'What named the device first: list (device sync), poll (a position) or push. Null: by hand, or before this was noted.';
