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
