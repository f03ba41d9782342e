-- The log of refreshes that are made no more: housekeeping clears it. Only a database that was taken over has it, and it may
-- be somebody else's to give.

do $$
begin
  if exists (
    select from pg_class c
    where c.oid = to_regclass('reporting.refresh_log') and pg_has_role(current_user, c.relowner, 'usage')
  ) then
    grant select, delete on reporting.refresh_log to ingest_app;
  end if;
end $$;
