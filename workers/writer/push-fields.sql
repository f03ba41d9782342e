-- Keeps fields of pushed items, $1 as JSON, each with its first time; of a kind at most $2.
insert into private.push_fields (kind, field, first_seen_at)
select seen.kind, seen.field, seen."seenAt"
from json_to_recordset($1::text::json) as seen (kind text, field text, "seenAt" timestamptz)
where (select count(*) from private.push_fields known where known.kind = seen.kind) < $2::int
order by 1, 2
on conflict do nothing
