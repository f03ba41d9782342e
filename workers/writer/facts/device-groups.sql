-- Registers device groups from the list `tracksolid.deviceGroups`, the newest listing of each. In a replay the new
-- reading of a listing takes the place of the old one. Says which it wrote.
with sent as materialized (
  select distinct on ("groupId") *
  from json_to_recordset(current_setting('tracksolid.deviceGroups')::json) as sent (
    "key" text, "groupId" text, "account" text, "name" text, "at" timestamptz
  )
  order by "groupId", "at" desc
), written as (
  insert into tracksolid.device_groups as k (group_id, account, name, listed_at)
  select "groupId", "account", "name", "at" from sent
  -- What says nothing newer is left out before the insert, which would lock its row.
  where coalesce(current_setting('tracksolid.replay', true), '') = 'on'
    or not exists (
      select from tracksolid.device_groups k where k.group_id = sent."groupId" and k.listed_at >= sent."at"
    )
  order by "groupId"
  on conflict (group_id) do update set
    account = excluded.account, name = excluded.name, listed_at = excluded.listed_at
  where excluded.listed_at > k.listed_at
    or (
      excluded.listed_at = k.listed_at and coalesce(current_setting('tracksolid.replay', true), '') = 'on'
      and (k.account, k.name) is distinct from (excluded.account, excluded.name)
    )
  returning group_id
)
select "key" from sent join written w on w.group_id = sent."groupId"
