-- Notes the tracks of vehicles as covered no further than they were heard of before $1: one that lost its network stores
-- points, and what it sends once it is back is asked for then.
update tracksolid.poll_watermarks w set covered_to = greatest(w.covered_from, l.contact_at)
from tracksolid.live_positions l
where w.job = 'tracks' and w.account = '*' and l.imei = w.imei and w.covered_to > l.contact_at
  and w.covered_to > w.covered_from and l.contact_at < $1::text::timestamptz
