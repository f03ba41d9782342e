-- run-as: administrator
-- Tickets and fuel fills. The schemas `tickets` and `fuel` belong to another product where they exist: nothing there is
-- changed, and `npm run db:map-tickets` says how the views read it. Where nobody has them, or they are empty and we may
-- create in them, they get tables of ours, and `npm run db:tickets` fills these.

do $$
declare
  wanted text;
begin
  foreach wanted in array array['tickets', 'fuel'] loop
    if exists (select from pg_namespace where nspname = wanted) then
      continue;
    end if;
    if not has_database_privilege(current_database(), 'create') then
      raise exception 'schema % is missing, and % may not create it: connect as an administrator, or have one say: '
        'create schema % authorization tracksolid_owner', wanted, current_user, wanted;
    end if;
    execute format('create schema %I authorization tracksolid_owner', wanted);
  end loop;
end $$;

-- What follows is the owner's, whoever connects.
set local role tracksolid_owner;

-- Tells who has a schema that is left alone: nobody wonders later why the views are empty.
create function private.may_fill(wanted text) returns boolean
language plpgsql
as $$
declare
  holder text;
  things bigint;
begin
  select pg_get_userbyid(n.nspowner), (
    select count(*) from pg_class c where c.relnamespace = n.oid
  ) + (select count(*) from pg_proc p where p.pronamespace = n.oid)
    + (select count(*) from pg_type t where t.typnamespace = n.oid)
  into holder, things
  from pg_namespace n where n.nspname = wanted;
  if things = 0 and has_schema_privilege(wanted, 'create') and has_schema_privilege(wanted, 'usage') then
    if holder = current_user then
      execute format('comment on schema %I is %L', wanted, 'Imported by npm run db:tickets.');
      execute format('grant usage on schema %I to backup_ro', wanted);
    else
      raise notice '% has to say, or backups lack it: grant usage on schema % to backup_ro', holder, wanted;
    end if;
    return true;
  end if;
  raise notice 'schema % belongs to % and holds % things: it is left alone, see npm run db:map-tickets',
    wanted, holder, things;
  return false;
end $$;

create function private.create_tickets(name text, meaning text) returns void
language plpgsql
as $$
begin
  execute format($sql$
    create table tickets.%1$I (
      number      text primary key check (number = btrim(number) and number <> ''),
      state       text,
      priority    text,
      area        text,
      lat         double precision check (lat between -90 and 90),
      lng         double precision check (lng between -180 and 180),
      opened_at   timestamptz not null check (isfinite(opened_at)),
      due_at      timestamptz check (isfinite(due_at)),
      resolved_at timestamptz check (isfinite(resolved_at)),
      driver_name text,
      imei        text check (imei ~ '^[0-9]{14,17}$'),
      raw         json not null,
      told_at     timestamptz not null check (isfinite(told_at)),
      check ((lat is null) = (lng is null)),
      check (resolved_at >= opened_at)
    );
    create index %2$I on tickets.%1$I (opened_at);
    comment on table tickets.%1$I is %3$L;
    comment on column tickets.%1$I.number is 'Number of the ticket.';
    comment on column tickets.%1$I.state is 'State, in the words of the system that has the tickets.';
    comment on column tickets.%1$I.priority is 'Priority, in its words.';
    comment on column tickets.%1$I.area is 'Area or site, in its words.';
    comment on column tickets.%1$I.lat is 'Latitude of the place, WGS-84 degrees; null where none is known.';
    comment on column tickets.%1$I.lng is 'Longitude of the place, WGS-84 degrees; null where none is known.';
    comment on column tickets.%1$I.opened_at is 'When it was opened (UTC).';
    comment on column tickets.%1$I.due_at is 'By when it is to be resolved (UTC).';
    comment on column tickets.%1$I.resolved_at is 'When it was resolved (UTC); null while it is not, also once it was opened again.';
    comment on column tickets.%1$I.driver_name is 'Driver it is assigned to, as the vendor names them; capitals do not matter.';
    comment on column tickets.%1$I.imei is 'Vehicle it is assigned to. No foreign key: a ticket may name a vehicle that nobody has heard of, or not yet.';
    comment on column tickets.%1$I.raw is 'The row as it was imported last.';
    comment on column tickets.%1$I.told_at is 'When it was so (UTC): the last change by the system that has the tickets, else the instant of its export. Older exports change nothing.';
  $sql$, name, name || '_opened_at_idx', meaning);
end $$;

do $$
begin
  if private.may_fill('tickets') then
    perform private.create_tickets('incidents', 'Incidents (INC). Grain: incident.');
    perform private.create_tickets('change_requests', 'Change requests (CRQ). Grain: change request.');
    grant select on tickets.incidents, tickets.change_requests to backup_ro;
  end if;

  if private.may_fill('fuel') then
    create table fuel.fills (
      imei        text not null check (imei ~ '^[0-9]{14,17}$'),
      filled_at   timestamptz not null check (isfinite(filled_at)),
      litres      double precision not null check (litres > 0 and litres < 'infinity'),
      cost        numeric check (cost >= 0 and cost < 'infinity'),
      currency    text check (currency ~ '^[A-Z]{3}$'),
      odometer_km double precision check (odometer_km >= 0 and odometer_km < 'infinity'),
      station     text,
      raw         json not null,
      told_at     timestamptz not null check (isfinite(told_at)),
      primary key (imei, filled_at),
      check (cost is null or currency is not null)
    );
    create index fills_filled_at_idx on fuel.fills (filled_at);
    grant select on fuel.fills to backup_ro;
    comment on table fuel.fills is 'Fuel that vehicles were filled with. Grain: vehicle and instant, so that the same fill twice is one.';
    comment on column fuel.fills.imei is 'Vehicle. No foreign key: a fill may name a vehicle that nobody has heard of, or not yet.';
    comment on column fuel.fills.filled_at is 'When (UTC).';
    comment on column fuel.fills.litres is 'Fuel, litres.';
    comment on column fuel.fills.cost is 'What it cost, in currency.';
    comment on column fuel.fills.currency is 'ISO 4217.';
    comment on column fuel.fills.odometer_km is 'Odometer as it was read at the pump, km.';
    comment on column fuel.fills.station is 'Where, in the words of who wrote it down.';
    comment on column fuel.fills.raw is 'The row as it was imported last.';
    comment on column fuel.fills.told_at is 'When it was so (UTC): the last change by the system that has the fills, else the instant of its export. Older exports change nothing.';
  end if;
end $$;

create table tracksolid.ticket_rules (
  one              boolean primary key default true check (one),
  visit_distance_m real not null default 150 check (visit_distance_m > 0),
  visit_time_s     integer not null default 300 check (visit_time_s > 0),
  look_distance_m  real not null default 1000,
  gap_s            integer not null default 600 check (gap_s > 0),
  closed_states    text[] not null
    default array['cancelled', 'canceled', 'closed', 'completed', 'rejected', 'resolved'],
  check (look_distance_m between visit_distance_m and 100000)
);
comment on table tracksolid.ticket_rules is 'What counts as a visit to a ticket, and as the end of one, in its one row.';
comment on column tracksolid.ticket_rules.one is 'There is one row.';
comment on column tracksolid.ticket_rules.visit_distance_m is 'Who is as near as this is there, m.';
comment on column tracksolid.ticket_rules.visit_time_s is 'Who is there as long as this visits, s.';
comment on column tracksolid.ticket_rules.look_distance_m is 'How far around a ticket fixes are looked at, m: the nearest distance is told up to here.';
comment on column tracksolid.ticket_rules.gap_s is 'From here on the time between two fixes is a gap, s.';
comment on column tracksolid.ticket_rules.closed_states is 'States in which a ticket is not open, in small letters; only where a mapping does not say which are.';
insert into tracksolid.ticket_rules default values;

-- The first branch has no rows: it gives the columns their names and types, wherever the others read from.
do $$
declare
  tickets text := $sql$
    select null::text as kind, null::text as number, null::text as state, null::text as priority, null::text as area,
      null::double precision as lat, null::double precision as lng, null::timestamptz as opened_at,
      null::timestamptz as due_at, null::timestamptz as resolved_at, null::text as driver_name, null::text as imei,
      null::boolean as is_open
    where false$sql$;
  fills text := $sql$
    select null::text as imei, null::timestamptz as filled_at, null::double precision as litres, null::numeric as cost,
      null::text as currency, null::double precision as odometer_km, null::text as station
    where false$sql$;
  branch record;
begin
  for branch in
    select * from (values ('INC', 'incidents'), ('CRQ', 'change_requests')) b (kind, name)
    where exists (
      select from pg_class c
      where c.relnamespace = to_regnamespace('tickets') and c.relname = b.name
        and c.relowner = 'tracksolid_owner'::regrole
    )
  loop
    tickets := tickets || format($sql$
      union all
      select %L, t.number, t.state, t.priority, t.area, t.lat, t.lng, t.opened_at, t.due_at, t.resolved_at,
        t.driver_name, t.imei, t.resolved_at is null and coalesce(
          lower(btrim(t.state)) <> all ((select r.closed_states from tracksolid.ticket_rules r)::text[]), true
        )
      from tickets.%I t$sql$, branch.kind, branch.name);
  end loop;
  if exists (
    select from pg_class c
    where c.relnamespace = to_regnamespace('fuel') and c.relname = 'fills' and c.relowner = 'tracksolid_owner'::regrole
  ) then
    fills := fills || $sql$
      union all
      select f.imei, f.filled_at, f.litres, f.cost, f.currency, f.odometer_km, f.station from fuel.fills f$sql$;
  end if;
  execute 'create view reporting.v_tickets as ' || tickets;
  execute 'create view reporting.v_fuel_fills as select * from (' || fills
    || ') f where not exists (select from tracksolid.devices d where d.imei = f.imei and d.kind <> ''vehicle'')';
end $$;
comment on view reporting.v_tickets is 'Incidents and change requests. Grain: kind and number. Where they are another product''s it has no rows until npm run db:map-tickets has said how to read them.';
comment on column reporting.v_tickets.kind is 'INC (incident) or CRQ (change request).';
comment on column reporting.v_tickets.number is 'Number of the ticket.';
comment on column reporting.v_tickets.state is 'State, in the words of the system that has the tickets.';
comment on column reporting.v_tickets.priority is 'Priority, in its words.';
comment on column reporting.v_tickets.area is 'Area or site, in its words.';
comment on column reporting.v_tickets.lat is 'Latitude of the place, WGS-84 degrees; null where none is known.';
comment on column reporting.v_tickets.lng is 'Longitude of the place, WGS-84 degrees; null where none is known.';
comment on column reporting.v_tickets.opened_at is 'When it was opened (UTC).';
comment on column reporting.v_tickets.due_at is 'By when it is to be resolved (UTC).';
comment on column reporting.v_tickets.resolved_at is 'When it was resolved (UTC); null while it is open.';
comment on column reporting.v_tickets.driver_name is 'Driver it is assigned to; capitals do not matter.';
comment on column reporting.v_tickets.imei is 'Vehicle it is assigned to; may be one that nobody has heard of.';
comment on column reporting.v_tickets.is_open is 'Still to be done: not resolved, and in no state of ticket_rules.closed_states; or in one of the states that a mapping calls open.';
comment on view reporting.v_fuel_fills is 'Fuel that vehicles were filled with, as it was written down at the pump; without canary devices. Grain: fill. Where fills are another product''s it has no rows until npm run db:map-tickets has said how to read them.';
comment on column reporting.v_fuel_fills.imei is 'Vehicle; may be one that nobody has heard of.';
comment on column reporting.v_fuel_fills.filled_at is 'When (UTC).';
comment on column reporting.v_fuel_fills.litres is 'Fuel, litres.';
comment on column reporting.v_fuel_fills.cost is 'What it cost, in currency.';
comment on column reporting.v_fuel_fills.currency is 'ISO 4217.';
comment on column reporting.v_fuel_fills.odometer_km is 'Odometer as it was read at the pump, km.';
comment on column reporting.v_fuel_fills.station is 'Where, in the words of who wrote it down.';

drop function private.may_fill(text);
drop function private.create_tickets(text, text);
