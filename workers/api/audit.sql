-- A page of the calls of analysts in [$1, $2), newest first, as a JSON list, and the key of its last one where there are more. $3 an
-- analyst, by id or by the name of then, $4 tool, $5 outcome (null: any). $6 the last of the page before (JSON: at, id; nulls for the
-- first). At most $7 of them, whose statements and arguments have at most $8 bytes, unless the first alone has more.
-- Of an analyst by the index of the id or that of the name. Of 1,000,000 calls in 90 days (medians of 9 on a busy machine): first page
-- 24 ms; an analyst with one call 0.8 ms, in an earlier run by one index of time with all filters in it 770 ms; the failed ones of an
-- analyst 280 ms, a tool that nobody called 800 ms, with indexes that lack tool and outcome 1.5 s and 3.5 s in the same run.
with after as materialized (
  select coalesce("at", $2::text::timestamptz) as at, coalesce("id", '00000000-0000-0000-0000-000000000000') as id
  from json_to_record($6::text::json) as after ("at" timestamptz, "id" uuid)
), found as (
  (
    select asked_at, id from private.audit
    where $3::text is null and ($4::text is null or tool = $4) and ($5::text is null or outcome = $5)
      and asked_at >= $1::text::timestamptz and asked_at < $2::text::timestamptz
      and (asked_at, id) < ((select at from after), (select id from after))
    order by asked_at desc, id desc
    limit $7::int + 1
  )
  union all (
    select asked_at, id from private.audit
    where analyst_id = $3 and ($4::text is null or tool = $4) and ($5::text is null or outcome = $5)
      and asked_at >= $1::text::timestamptz and asked_at < $2::text::timestamptz
      and (asked_at, id) < ((select at from after), (select id from after))
    order by asked_at desc, id desc
    limit $7::int + 1
  )
  union all (
    select asked_at, id from private.audit
    where analyst = $3 and analyst_id <> $3 and ($4::text is null or tool = $4) and ($5::text is null or outcome = $5)
      and asked_at >= $1::text::timestamptz and asked_at < $2::text::timestamptz
      and (asked_at, id) < ((select at from after), (select id from after))
    order by asked_at desc, id desc
    limit $7::int + 1
  )
), page as materialized (
  select row_number() over (order by asked_at desc, id desc) as n, id from found order by n limit $7::int + 1
), weighed as (
  -- Of a long text its length is known without reading it.
  select p.n, a.*, sum(octet_length(coalesce(a.statement, '')) + octet_length(a.arguments)) over (order by p.n) as bytes_so_far
  from page p join private.audit a using (id)
), shown as materialized (
  select * from weighed where n <= $7::int and (n = 1 or bytes_so_far <= $8::int)
)
select coalesce(json_agg(json_build_object(
    'id', id, 'askedAt', to_char(asked_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), 'analystId', analyst_id,
    'analyst', analyst, 'tool', tool, 'statement', statement, 'arguments', arguments, 'outcome', outcome, 'reason', reason,
    'rowCount', row_count, 'bytes', bytes, 'durationMs', duration_ms, 'requestId', request_id
  ) order by n), '[]')::text as entries,
  case when (select count(*) from page) > count(*) then (
    select json_build_array(to_char(asked_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), id)
    from shown order by n desc limit 1
  ) end as last
from shown
