-- How an answer, and a partner who keeps a copy, can tell that something of a day changed: late facts come to days long past, too.

create table reporting.newest_version (
  only_row boolean primary key default true check (only_row),
  version  bigint not null
);
grant update on reporting.newest_version to ingest_app;
comment on table reporting.newest_version is 'The newest version of day_versions. Its row is held until the transaction that took a version ends, so they become visible in their order.';
comment on column reporting.newest_version.only_row is 'Makes this a one-row table.';
comment on column reporting.newest_version.version is 'Grows; about the ms since 1970 at which it was given.';

create table reporting.day_versions (
  imei    text not null,
  day     date not null,
  version bigint not null,
  primary key (imei, day)
);
create index day_versions_version_idx on reporting.day_versions (version);
grant insert, update, delete on reporting.day_versions to ingest_app;
comment on table reporting.day_versions is 'When what is known of a day of a vehicle was last computed. Who keeps a copy asks for the days above the version it has.';
comment on column reporting.day_versions.imei is 'Device identity.';
comment on column reporting.day_versions.day is 'Day in the fleet''s zone.';
comment on column reporting.day_versions.version is 'From newest_version.';
-- What is there already: a hundred days have a version, so that nobody has to take them all at once.
insert into reporting.day_versions (imei, day, version)
select imei, day, 1 + (row_number() over (order by day, imei) - 1) / 100
from (select imei, day from reporting.vehicle_day union select imei, day from reporting.driver_day) known;
insert into reporting.newest_version (version) select coalesce(max(version), 0) from reporting.day_versions;

create function reporting.fn_revision(from_day date, to_day date, imeis text[] default null)
returns text
language sql stable
as $$
  select md5(concat_ws(' ',
    (select sum(hashtextextended(concat_ws(' ', v.imei, v.day, v.version), 0)) from reporting.day_versions v
     where v.day between from_day and to_day and (imeis is null or v.imei = any(imeis))),
    (select concat_ws(' ', count(*), max(d.changed_at)) from tracksolid.devices d
     where imeis is null or d.imei = any(imeis)),
    (select zone from tracksolid.fleet)
  ))
$$;
comment on function reporting.fn_revision(date, date, text[]) is
  'Changes with whatever is known of days of these vehicles (null: all), once it is computed; with what vehicles are called; with the zone. From the first day to the last, both included.';

create function reporting.fn_matching_vehicles(filter json)
returns setof text
language sql stable
as $$
  select v.imei from reporting.v_vehicles v
  where (filter -> 'imei' is null or v.imei in (select json_array_elements_text(filter -> 'imei')))
    and (filter -> 'account' is null or v.account in (select json_array_elements_text(filter -> 'account')))
    and (filter -> 'city' is null or v.city in (select json_array_elements_text(filter -> 'city')))
    and (filter -> 'segment' is null or v.segment in (select json_array_elements_text(filter -> 'segment')))
    and (filter -> 'vehicle_type' is null
      or v.vehicle_type in (select json_array_elements_text(filter -> 'vehicle_type')))
    and (filter -> 'plate' is null or upper(regexp_replace(v.plate, '[\s-]', '', 'g')) in (
      select upper(regexp_replace(given.plate, '[\s-]', '', 'g'))
      from json_array_elements_text(filter -> 'plate') given (plate)
    ))
$$;
comment on function reporting.fn_matching_vehicles(json) is
  'Vehicles that match every list in filter, of imei, account, city, segment, vehicle_type and plate (whatever its spaces, dashes and case); {} matches all. Canary devices match nothing.';

create function reporting.fn_iso(at timestamptz)
returns text
language sql stable
return to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"');
comment on function reporting.fn_iso(timestamptz) is 'An instant as answers of the API write it: ISO 8601, UTC, whole seconds.';
