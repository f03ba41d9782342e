-- The token that stands in the row of the account $1. Without an expiry it counts as ended.
select access_token as "accessToken", coalesce(refresh_token, '') as "refreshToken",
  coalesce(extract(epoch from expires_at) * 1000, 0)::float8 as "expiresAt"
from private.shared_token
where account = $1 and access_token <> ''
