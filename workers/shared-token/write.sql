-- Puts the token $2 with $3 to refresh it, which ends at $4, into the row of the account $1, at $5, where that still holds the
-- token $6, or none where $6 is null; returns one row where it did. The row is locked before it is compared, so that what was
-- written meanwhile counts, behind triggers too. Not "on conflict": that takes a view without triggers, and one that turns the
-- earlier system's local times into instants has them.
with found as materialized (
  select account, nullif(access_token, '') as access_token from private.shared_token where account = $1 for update
), swapped as (
  update private.shared_token kept
  set access_token = $2, refresh_token = $3, expires_at = $4::text::timestamptz, updated_at = $5::text::timestamptz
  from found
  where kept.account = found.account and found.access_token is not distinct from $6::text
  returning kept.account
), begun as (
  insert into private.shared_token (account, access_token, refresh_token, expires_at, updated_at)
  select $1, $2, $3, $4::text::timestamptz, $5::text::timestamptz
  where $6::text is null and not exists (select from found)
  returning account
)
select account from swapped union all select account from begun
