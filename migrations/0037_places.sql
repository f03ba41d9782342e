-- Places over the API: visits by geofence in the order of time, and tickets that are written there.

-- A page of visits to one geofence is read newest first.
create index geofence_visits_entered_idx on tracksolid.geofence_visits (geofence_id, entered_at, imei);

-- Where the tables of tickets are ours, the API fills them as db:tickets does; those of another product stay as they are.
do $$
declare
  ours   record;
  holder text;
begin
  select pg_get_userbyid(n.nspowner) into holder from pg_namespace n where n.nspname = 'tickets';
  for ours in
    select c.relname as name from pg_class c
    where c.relnamespace = to_regnamespace('tickets') and c.relname in ('incidents', 'change_requests')
      and c.relkind = 'r' and c.relowner = 'tracksolid_owner'::regrole
  loop
    execute format('grant select, insert, update on tickets.%I to ingest_app', ours.name);
    -- What is open is asked for most, and is little.
    execute format(
      'create index %I on tickets.%I (opened_at, number) where resolved_at is null',
      ours.name || '_open_idx', ours.name
    );
    if holder = current_user then
      grant usage on schema tickets to ingest_app;
    else
      raise notice '% has to say, or the API writes no tickets: grant usage on schema tickets to ingest_app', holder;
    end if;
  end loop;
end $$;
