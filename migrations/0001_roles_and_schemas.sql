-- run-as: administrator
-- The roles of the product, its schemas, and what each role may do by default.
-- Roles belong to the cluster, so each is created only when it is missing. Passwords are never set here:
-- `npm start` sets throw-away ones on its own embedded database, an operator sets real ones.

do $$
declare
  definition record;
begin
  for definition in
    select * from (values
      ('tracksolid_owner', 10),  -- migrations only: one runner and room for an operator
      ('ingest_app',       20),  -- the writer, the polls and the admin endpoints, through DB_INGEST
      ('dashboard_ro',     12),  -- the read API, through DB_READ
      ('analytics_ro',      8),  -- analysts' SQL door
      ('backup_ro',         3)   -- nightly dump
    ) as d(role_name, connection_limit)
  loop
    if not exists (select from pg_roles where rolname = definition.role_name) then
      execute format(
        'create role %I login nosuperuser nocreatedb nocreaterole noreplication connection limit %s',
        definition.role_name, definition.connection_limit);
    end if;
  end loop;

  -- An administrator who is no superuser has to be allowed to act for the owner; creating the role is not enough.
  if not (select rolsuper from pg_roles where rolname = current_user) then
    execute format('grant tracksolid_owner to %I', current_user);
  end if;
end $$;

-- A migration may run long; only its waiting is bounded.
alter role tracksolid_owner set statement_timeout = 0;
alter role tracksolid_owner set lock_timeout = '10s';
alter role tracksolid_owner set idle_in_transaction_session_timeout = '5min';
alter role tracksolid_owner set idle_session_timeout = '10min';

alter role ingest_app set statement_timeout = '30s';
alter role ingest_app set lock_timeout = '5s';
alter role ingest_app set idle_in_transaction_session_timeout = '30s';
alter role ingest_app set idle_session_timeout = '10min';
-- Planned for more rows than it meets, a statement of milliseconds would be compiled for seconds.
alter role ingest_app set jit = off;

do $$
declare
  reader text;
begin
  foreach reader in array array['dashboard_ro', 'analytics_ro', 'backup_ro'] loop
    execute format('alter role %I set default_transaction_read_only = on', reader);
    execute format('alter role %I set lock_timeout = ''5s''', reader);
    execute format('alter role %I set idle_in_transaction_session_timeout = ''60s''', reader);
    execute format('alter role %I set idle_session_timeout = ''5min''', reader);
    execute format('alter role %I set jit = off', reader);
    execute format('alter role %I set statement_timeout = %L', reader,
      case reader when 'backup_ro' then '0' else '30s' end);
  end loop;
end $$;

create schema if not exists tracksolid;
create schema if not exists reporting;
create schema if not exists private;
alter schema tracksolid owner to tracksolid_owner;
alter schema reporting  owner to tracksolid_owner;
alter schema private    owner to tracksolid_owner;
alter table private.migrations owner to tracksolid_owner;

comment on schema tracksolid is 'Facts about the fleet, as the vendor reported them.';
comment on schema reporting  is 'Read layer: views and functions over the facts.';
comment on schema private    is 'Receipts, rejected items, leases: no reader may see it.';

grant usage on schema tracksolid, reporting to ingest_app, dashboard_ro, analytics_ro, backup_ro;
grant usage on schema private to ingest_app, backup_ro;

-- Facts are added and corrected, never deleted; what may be deleted says so where it is made.
alter default privileges for role tracksolid_owner in schema tracksolid
  grant select, insert, update on tables to ingest_app;
alter default privileges for role tracksolid_owner in schema private
  grant select, insert, update on tables to ingest_app;
alter default privileges for role tracksolid_owner in schema reporting
  grant select on tables to ingest_app;
alter default privileges for role tracksolid_owner in schema tracksolid
  grant select on tables to dashboard_ro, analytics_ro, backup_ro;
alter default privileges for role tracksolid_owner in schema reporting
  grant select on tables to dashboard_ro, analytics_ro, backup_ro;
alter default privileges for role tracksolid_owner in schema private
  grant select on tables to backup_ro;
-- A dump reads all there is, how far sequences have counted too.
grant select on private.migrations to backup_ro;
alter default privileges for role tracksolid_owner in schema tracksolid
  grant select on sequences to backup_ro;

-- TimescaleDB where the server has it and we may install it; plain tables of the same names elsewhere.
do $$
begin
  if exists (select from pg_available_extensions where name = 'timescaledb')
     and current_setting('shared_preload_libraries') like '%timescaledb%'
     and not exists (select from pg_extension where extname = 'timescaledb') then
    if (select rolsuper from pg_roles where rolname = current_user) then
      create extension timescaledb;
    else
      raise notice 'timescaledb is available but only a superuser can create it: hypertables become plain tables';
    end if;
  end if;
  if exists (select from pg_extension where extname = 'timescaledb') then
    -- Late fixes of a hundred vehicles in one batch meet a thousand compressed rows each; the limit would refuse them for good.
    alter role ingest_app set timescaledb.max_tuples_decompressed_per_dml_transaction = 0;
  end if;
end $$;
