-- Notes the tracks of vehicles as covered no further than they were heard of before $1: one that lost its network stores
-- points, and what it sends once it is back is asked for then. One whose window just ends waits for the next tick.
with unheard as (
  select w.imei, l.contact_at from tracksolid.poll_watermarks w
  join tracksolid.live_positions l on l.imei = w.imei
  where w.job = 'tracks' and w.account = '*' and w.covered_to > l.contact_at
    and w.covered_to > w.covered_from and l.contact_at < $1::text::timestamptz
  for update of w skip locked
)
update tracksolid.poll_watermarks w set covered_to = greatest(w.covered_from, unheard.contact_at)
from unheard where w.job = 'tracks' and w.account = '*' and w.imei = unheard.imei
