-- What housekeeping takes away when it is old: logs, books, rejected items, namings of drivers that only repeat others.
-- Facts stay.

grant delete on tracksolid.ingestion_log to ingest_app;
grant delete on private.receipt_hours to ingest_app;
grant delete on private.rejected_items to ingest_app;
grant delete on private.driver_sightings to ingest_app;

-- Only a database that was taken over has this log, and it may be somebody else's to give.
do $$
begin
  if exists (
    select from pg_class c
    where c.oid = to_regclass('reporting.refresh_log') and pg_has_role(current_user, c.relowner, 'usage')
  ) then
    grant select, delete on reporting.refresh_log to ingest_app;
  end if;
end $$;
