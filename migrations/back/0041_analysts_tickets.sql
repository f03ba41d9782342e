-- Loses nothing. Analysts are no longer let into tickets and fuel: analysts with these schemas are refused.

do $$
declare
  wanted text;
  holder text;
  own_tables text[];
begin
  foreach wanted in array array['tickets', 'fuel'] loop
    select pg_get_userbyid(n.nspowner), array(
      select format('%I.%I', n.nspname, c.relname) from pg_class c
      where c.relnamespace = n.oid and c.relkind in ('r', 'p', 'v', 'm') and c.relowner = current_user::regrole
      order by 1
    ) into holder, own_tables
    from pg_namespace n where n.nspname = wanted;
    if own_tables <> '{}' then
      execute format('revoke select on %s from analytics_ro', array_to_string(own_tables, ', '));
    end if;
    -- Whoever else has the schema said who may use it.
    if holder = current_user then
      execute format(
        'alter default privileges for role %I in schema %I revoke select on tables from analytics_ro', current_user, wanted);
      execute format('revoke usage on schema %I from analytics_ro', wanted);
    end if;
  end loop;
end $$;
