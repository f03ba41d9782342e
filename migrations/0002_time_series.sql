-- Tables that grow with time. Where TimescaleDB is installed they are hypertables; elsewhere ordinary tables of the same names,
-- columns and keys, and every query is the same on both.

create function private.store_by_time(relation regclass, time_column name) returns void
language plpgsql as $$
declare
  rest text;
begin
  if not exists (select from pg_extension where extname = 'timescaledb') then
    return;
  end if;
  -- A week of 150 vehicles with a fix every 30 s is 3 million rows, 430 MB with their index, which memory holds while it is
  -- written to. A hundred times as many vehicles want chunks of a day, 6 GB (docs/runbook.md).
  perform create_hypertable(relation, time_column, chunk_time_interval => interval '7 days', create_default_indexes => false);
  -- Compression needs the Timescale licence; an Apache build has hypertables only.
  if current_setting('timescaledb.license', true) <> 'timescale' then
    return;
  end if;
  -- What the key has beyond vehicle and time.
  select string_agg(format(', %I', a.attname), '' order by array_position(i.indkey::smallint[], a.attnum)) into rest
  from pg_index i
  join pg_attribute a on a.attrelid = i.indrelid and a.attnum = any (i.indkey)
  where i.indrelid = relation and i.indisprimary and a.attname not in ('imei', time_column);
  execute format(
    'alter table %s set (timescaledb.compress, timescaledb.compress_segmentby = %L, timescaledb.compress_orderby = %L)',
    relation, 'imei', format('%I desc', time_column) || coalesce(rest, '')
  );
  -- Late rows are the rule for a week; later ones find their chunk compressed, which costs them more.
  perform add_compression_policy(relation, interval '7 days');
end $$;
comment on function private.store_by_time(regclass, name) is
  'Makes a table with the key (imei, time, …) a hypertable of chunks of seven days, compressed by vehicle when they are seven days old, as far as the server has TimescaleDB and its licence allows; otherwise leaves it as it is.';

-- By default everything is kept; where a time is set, housekeeping calls this. Rows of a hypertable go by whole chunks, which is
-- done at once; elsewhere vehicle by vehicle along the key, for no index leads by time.
create function private.remove_before(relation regclass, before timestamptz, most integer) returns integer
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  time_column name;
  vehicle text;
  removed integer := 0;
  part integer;
begin
  select a.attname into time_column
  from pg_index i
  join pg_attribute a on a.attrelid = i.indrelid and a.attnum = i.indkey[1]
  where i.indrelid = relation and i.indisprimary and relation = any (array[
    'tracksolid.position_history', 'tracksolid.obd_readings', 'tracksolid.fuel_readings',
    'tracksolid.temperature_readings', 'tracksolid.lbs_readings', 'tracksolid.heartbeats'
  ]::regclass[]);
  if time_column is null then
    raise exception 'Rows of % are kept', relation;
  end if;
  -- The extension may have come after the table.
  if exists (select from pg_catalog.pg_extension where extname = 'timescaledb') then
    if exists (
      select from timescaledb_information.hypertables h
      where format('%I.%I', h.hypertable_schema, h.hypertable_name)::regclass = relation
    ) then
      return (select count(*) from drop_chunks(relation, older_than => before));
    end if;
  end if;
  execute format('select min(imei) from %s', relation) into vehicle;
  while vehicle is not null and removed < most loop
    execute format(
      'delete from %1$s where ctid = any (array(select ctid from %1$s where imei = $1 and %2$I < $2 order by %2$I limit $3))',
      relation, time_column
    ) using vehicle, before, most - removed;
    get diagnostics part = row_count;
    removed := removed + part;
    execute format('select min(imei) from %s where imei > $1', relation) into vehicle using vehicle;
  end loop;
  return removed;
end $$;
revoke execute on function private.remove_before(regclass, timestamptz, integer) from public;
grant execute on function private.remove_before(regclass, timestamptz, integer) to ingest_app;
comment on function private.remove_before(regclass, timestamptz, integer) is
  'Takes away the positions or readings from before an instant: whole chunks of a hypertable, elsewhere at most so many rows. Returns how many chunks or rows. Runs with the rights of its owner: the ingest itself may not delete facts.';
