-- Which days are meant, as many before them, and the revision of what is known of them. $1 now; $2, $3 first and last day, or null;
-- $4 days of the period where $2 is null; $5 whether the revision is of the days before, too; $6 vehicles (JSON list, null: all).
-- $7 what else is asked for a word that is another once any of it changes: company for what the company says of its fleet, fills for
-- that and what was filled in on the days and as many before them; null: nothing.
select p.first::text as "from", p.last::text as "to", p.days, f.zone,
  ($1::text::timestamptz at time zone f.zone)::date::text as today,
  (p.first - p.days)::text as "beforeFrom", (p.first - 1)::text as "beforeTo",
  -- Of a period that will be refused nothing is read.
  case when p.days between 1 and 3660 then reporting.fn_revision(
    case when $5::boolean then p.first - p.days else p.first end, p.last,
    case when $6::text is not null then array(select json_array_elements_text($6::text::json)) end
  ) end as revision,
  case when $7::text is not null and p.days between 1 and 3660 then md5(concat_ws(' ',
    (select sum(hashtextextended(t::text, 0)) from tracksolid.vehicle_types t),
    (select sum(hashtextextended(s::text, 0)) from tracksolid.shifts s),
    (select sum(hashtextextended(p::text, 0)) from tracksolid.fuel_prices p),
    (select sum(hashtextextended(u::text, 0)) from tracksolid.fuel_units u),
    (select sum(hashtextextended(c::text, 0)) from tracksolid.alarm_codes c),
    case when $7::text = 'fills' then (
      select sum(hashtextextended(concat_ws(' ', l.imei, l.filled_at, l.litres, l.cost, l.currency), 0))
      from reporting.v_fuel_fills l
      where l.filled_at >= (p.first - p.days)::timestamp at time zone f.zone
        and l.filled_at < (p.last + 1)::timestamp at time zone f.zone
    ) end
  )) end as company
from tracksolid.fleet f
cross join lateral (select coalesce($3::text::date, ($1::text::timestamptz at time zone f.zone)::date) as last) l
cross join lateral (select coalesce($2::text::date, l.last - ($4::int - 1)) as first) s
cross join lateral (select s.first, l.last, l.last - s.first + 1 as days) p
