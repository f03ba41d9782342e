-- Loses nothing. The API no longer writes tickets.

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
    -- Whoever else has the schema said who may use it.
    if holder = current_user then
      revoke usage on schema tickets from ingest_app;
    end if;
    execute format('drop index tickets.%I', ours.name || '_open_idx');
    execute format('revoke select, insert, update on tickets.%I from ingest_app', ours.name);
  end loop;
end $$;

drop index tracksolid.geofence_visits_entered_idx;
