-- Registers accounts from the list `tracksolid.accounts`, the newest listing of each. In a replay the new reading of a
-- listing takes the place of the old one. Says which it wrote.
with sent as materialized (
  select distinct on ("account") *
  from json_to_recordset(current_setting('tracksolid.accounts')::json) as sent (
    "key" text, "account" text, "parent" text, "name" text, "type" smallint, "enabled" boolean, "at" timestamptz
  )
  order by "account", "at" desc
), written as (
  insert into tracksolid.accounts as k (account, parent, name, type, enabled, listed_at)
  select "account", "parent", "name", "type", "enabled", "at" from sent
  -- What says nothing newer is left out before the insert, which would lock its row.
  where coalesce(current_setting('tracksolid.replay', true), '') = 'on'
    or not exists (
      select from tracksolid.accounts k where k.account = sent."account" and k.listed_at >= sent."at"
    )
  order by "account"
  on conflict (account) do update set
    parent = excluded.parent, name = excluded.name, type = excluded.type, enabled = excluded.enabled,
    listed_at = excluded.listed_at
  where excluded.listed_at > k.listed_at
    or (
      excluded.listed_at = k.listed_at and coalesce(current_setting('tracksolid.replay', true), '') = 'on'
      and (k.parent, k.name, k.type, k.enabled)
        is distinct from (excluded.parent, excluded.name, excluded.type, excluded.enabled)
    )
  returning account
)
select "key" from sent join written w on w.account = sent."account"
