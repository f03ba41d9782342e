-- Puts the token $2 with $3 to refresh it, which ends at $4, into the row of the account $1, at $5. Not "on conflict": that
-- takes a view without triggers, and one that turns the earlier system's local times into instants has them.
with told as (
  update private.shared_token
  set access_token = $2, refresh_token = $3, expires_at = $4::text::timestamptz, updated_at = $5::text::timestamptz
  where account = $1
  returning account
)
insert into private.shared_token (account, access_token, refresh_token, expires_at, updated_at)
select $1, $2, $3, $4::text::timestamptz, $5::text::timestamptz
where not exists (select from told)
