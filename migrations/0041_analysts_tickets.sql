-- Analysts may be let into tickets and fuel, too. What another product has there is its own to grant.
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
    if holder = current_user then
      execute format('grant usage on schema %I to analytics_ro', wanted);
      execute format(
        'alter default privileges for role %I in schema %I grant select on tables to analytics_ro', current_user, wanted);
    else
      raise notice 'schema % is %''s, who has to let analysts in: grant usage on schema % to analytics_ro',
        wanted, holder, wanted;
    end if;
    if own_tables <> '{}' then
      execute format('grant select on %s to analytics_ro', array_to_string(own_tables, ', '));
    end if;
  end loop;
end $$;
