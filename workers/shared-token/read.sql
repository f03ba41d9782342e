-- The token that stands in the row of the account $1, always one row: nulls where it has none. Without an expiry it counts as
-- ended.
select own.access_token as "accessToken", coalesce(own.refresh_token, '') as "refreshToken",
  coalesce(extract(epoch from own.expires_at) * 1000, 0)::float8 as "expiresAt",
  own.account is null and exists (select from private.shared_token) as "onlyOthers"
from (values ($1::text)) asked (account)
left join private.shared_token own on own.account = asked.account
