-- Positions that are taken away change what is known of their days, as late ones do: who takes them away learns which days those were.

create function private.remove_positions(before timestamptz, most integer) returns table (imei text, day date)
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
#variable_conflict use_column
declare
  first_removed timestamptz;
  last_removed timestamptz;
  vehicle text;
  removed integer := 0;
  part integer;
begin
  if exists (select from pg_catalog.pg_extension where extname = 'timescaledb') then
    if exists (
      select from timescaledb_information.hypertables h
      where h.hypertable_schema = 'tracksolid' and h.hypertable_name = 'position_history'
    ) then
      select min(c.range_start), max(c.range_end) into first_removed, last_removed
      from timescaledb_information.chunks c
      where c.hypertable_schema = 'tracksolid' and c.hypertable_name = 'position_history' and c.range_end <= before;
      perform private.remove_before('tracksolid.position_history', before, most);
      return query
        select v.imei, v.day
        from reporting.day_versions v, tracksolid.fleet f
        where v.day between (first_removed at time zone f.zone)::date and (last_removed at time zone f.zone)::date;
      return;
    end if;
  end if;
  select min(h.imei) into vehicle from tracksolid.position_history h;
  while vehicle is not null and removed < most loop
    return query
      with gone as (
        delete from tracksolid.position_history
        where ctid = any (array(
          select h.ctid from tracksolid.position_history h
          where h.imei = vehicle and h.gps_time < before
          order by h.gps_time limit most - removed
        ))
        returning gps_time
      )
      select vehicle, (g.gps_time at time zone f.zone)::date from gone g, tracksolid.fleet f;
    get diagnostics part = row_count;
    removed := removed + part;
    select min(h.imei) into vehicle from tracksolid.position_history h where h.imei > vehicle;
  end loop;
end $$;
revoke execute on function private.remove_positions(timestamptz, integer) from public;
grant execute on function private.remove_positions(timestamptz, integer) to ingest_app;
comment on function private.remove_positions(timestamptz, integer) is
  'Takes away positions from before an instant, as remove_before does, and returns whose days they were of: a row for each position; of a hypertable, whose chunks go whole, each day of theirs that is known. Runs with the rights of its owner: the ingest itself may not delete facts.';
