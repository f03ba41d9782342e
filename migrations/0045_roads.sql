-- The roads that the fleet drives, for maps that have no other: kept by tile, so that they are as many as there are roads, not days.

insert into tracksolid.pipeline_jobs (job, every_s, optional) values ('roads', 600, false);

create table reporting.road_tiles (
  level      smallint not null,
  x          integer not null,
  y          integer not null,
  roads      bytea not null,
  oldest_day date not null,
  version    bigint not null,
  primary key (level, x, y)
);
grant select on reporting.road_tiles to dashboard_ro, analytics_ro, backup_ro;
grant select, insert, update, delete on reporting.road_tiles to ingest_app;
comment on table reporting.road_tiles is
  'The roads that the fleet has driven, as faint lines for maps (/v1/tiles/tracks), whoever drove them. Grain: level and tile. A road that nobody drove for a year goes.';
comment on column reporting.road_tiles.level is 'Zoom of the tile: 12 has every road, 9, 6 and 3 ever fewer.';
comment on column reporting.road_tiles.x is 'Column of the tile, from the west.';
comment on column reporting.road_tiles.y is 'Row of the tile, from the north.';
comment on column reporting.road_tiles.roads is
  'Lines as protocol buffers (workers/roads/packed.ts), in 16384ths of the tile, each with the last day it was driven on, to a week.';
comment on column reporting.road_tiles.oldest_day is 'The last day of the road that was not driven for longest.';
comment on column reporting.road_tiles.version is 'Grows; about the ms since 1970 of the last change.';

create table private.road_days (
  day      date primary key,
  version  bigint not null,
  imei     text not null,
  is_whole boolean not null,
  taken_at timestamptz
);
grant select on private.road_days to backup_ro;
grant select, insert, update on private.road_days to ingest_app;
comment on table private.road_days is
  'How far the ways of a day are among the roads: up to a version of day_versions, and within it a vehicle. Grain: day.';
comment on column private.road_days.day is 'Day in the fleet''s zone.';
comment on column private.road_days.version is 'Days of vehicles with a version up to this are taken, of this one the vehicles up to imei.';
comment on column private.road_days.imei is 'The vehicle taken last.';
comment on column private.road_days.is_whole is 'It was begun anew once the day was over; before, only what was new of it was read.';
comment on column private.road_days.taken_at is 'Start of the last run that left nothing of it (UTC); null: none did yet.';
