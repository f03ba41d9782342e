"""Fuel of a period, vehicle by vehicle: reported, estimated, refilled, drained, filled at the pump, and what it cost."""

from figures import LISTED, both
from rows import ZONE, compared, periods, rounded, rows

# At the price of the day.
USED = """
  select v.day >= %(first)s as is_now, v.imei, max(d.name), max(d.plate), p.currency, count(*), sum(v.distance_km),
    sum(v.fuel_l), count(v.fuel_l), sum(v.fuel_l) filter (where v.distance_km is not null),
    sum(v.distance_km) filter (where v.fuel_l is not null), sum(v.distance_km * d.fuel_l_per_100_km / 100),
    count(v.distance_km * d.fuel_l_per_100_km), sum(v.fuel_l::numeric * p.price_per_l),
    sum((v.distance_km * d.fuel_l_per_100_km / 100)::numeric * p.price_per_l)
  from reporting.vehicle_day v
  join reporting.v_vehicles d on d.imei = v.imei
  left join (
    select valid_from, lead(valid_from, 1, 'infinity'::date) over (order by valid_from) as valid_to, price_per_l, currency
    from tracksolid.fuel_prices
  ) p on v.day >= p.valid_from and v.day < p.valid_to
  where v.day between %(before_first)s and %(last)s
  group by 1, 2, p.currency
  order by 2"""

EVENTS = """
  select is_now, imei, count(*) filter (where kind = 'refill'), sum(litres) filter (where kind = 'refill'),
    count(*) filter (where kind = 'drain'), sum(litres) filter (where kind = 'drain')
  from (
    select e.at >= %(first)s::timestamp at time zone %(zone)s as is_now, e.imei, e.kind, e.litres, e.source,
      max(e.source) over (partition by e.imei, (e.at at time zone %(zone)s)::date) as counts
    from (
      select e.imei, e.at, e.kind, e.source, e.unexplained * case u.unit when 'l' then 1
        when 'percent' then coalesce(d.own_tank_l, t.tank_l)::float8 / 100 end as litres
      from reporting.fuel_events e
      join tracksolid.devices d on d.imei = e.imei and d.kind = 'vehicle'
      left join tracksolid.vehicle_types t on t.vehicle_type = d.vehicle_type
      left join tracksolid.fuel_units u on u.code = e.unit_code
      where e.at >= %(before_first)s::timestamp at time zone %(zone)s
        and e.at < (%(last)s + 1)::timestamp at time zone %(zone)s and e.confidence >= 0.5
    ) e
  ) e
  where source = counts
  group by 1, 2"""

FILLS = """
  select filled_at >= %(first)s::timestamp at time zone %(zone)s, imei, currency, count(*), sum(litres), sum(cost)
  from reporting.v_fuel_fills
  where filled_at >= %(before_first)s::timestamp at time zone %(zone)s
    and filled_at < (%(last)s + 1)::timestamp at time zone %(zone)s
  group by 1, 2, 3"""

LEVELS = """
  select d.imei,
    exists (select from reporting.fn_fuel_levels(d.imei, %(first)s::timestamp at time zone %(zone)s,
      (%(last)s + 1)::timestamp at time zone %(zone)s)),
    exists (select from reporting.fn_fuel_levels(d.imei, %(before_first)s::timestamp at time zone %(zone)s,
      %(first)s::timestamp at time zone %(zone)s))
  from reporting.v_vehicles d"""


def fuel(since, until):
    p = {**periods(since, until), "zone": ZONE}
    names, groups = {}, {}
    levels = {}
    for imei, now, before in rows(LEVELS, **p):
        levels[imei, True], levels[imei, False] = now, before
    for is_now, imei, name, plate, currency, *told in rows(USED, **p):
        names[imei] = name, plate
        add(of(groups, imei, is_now, levels), told, currency)
    for is_now, imei, refills, refilled, drains, drained in rows(EVENTS, **p):
        group = of(groups, imei, is_now, levels)
        group["refills"], group["refilledL"] = refills, refilled
        group["drains"], group["drainedL"] = drains, drained
    for is_now, imei, currency, count, litres, cost in rows(FILLS, **p):
        group = of(groups, imei, is_now, levels)
        group["fills"] += count
        group["filledL"] = plus(group["filledL"], litres)
        spend(group, currency, "filled", cost)
    totals = {is_now: together([told[is_now] for told in groups.values() if is_now in told]) for is_now in (True, False)}
    return {
        **compared(p),
        "groupBy": "vehicle",
        "totals": both(totals, told_of),
        "groups": [
            {"key": imei, "name": names[imei][0], "plate": names[imei][1], **both(told, told_of)}
            for imei, told in list(groups.items())[:LISTED]
        ],
    }


USES = ("days", "km", "reportedL", "reportedDays", "measuredL", "measuredKm", "estimatedL", "estimatedDays")


def of(groups, imei, is_now, levels):
    return groups.setdefault(imei, {}).setdefault(is_now, empty(levels.get((imei, is_now), False)))


def empty(has_level):
    return {
        **dict.fromkeys(USES), "hasLevel": has_level, "refills": 0, "refilledL": None,
        "drains": 0, "drainedL": None, "fills": 0, "filledL": None, "costs": {},
    }


def plus(a, b):
    return b if a is None else a if b is None else a + b


def add(group, told, currency):
    for name, value in zip(USES, told):
        group[name] = plus(group[name], value)
    spend(group, currency, "reported", told[8])
    spend(group, currency, "estimated", told[9])


def spend(group, currency, what, cost):
    if currency is not None and cost is not None:
        costs = group["costs"].setdefault(currency, {})
        costs[what] = plus(costs.get(what), cost)


def together(groups):
    total = empty(any(group["hasLevel"] for group in groups))
    for group in groups:
        for name in (*USES, "refills", "refilledL", "drains", "drainedL", "fills", "filledL"):
            total[name] = plus(total[name], group[name])
        for currency, costs in group["costs"].items():
            for what, cost in costs.items():
                spend(total, currency, what, cost)
    return total


def told_of(group):
    km = group["measuredKm"]
    has_level = group["hasLevel"]
    return {
        "vehicleDays": group["days"] or 0,
        "distanceKm": rounded(group["km"], 3),
        "reportedL": rounded(group["reportedL"], 3),
        "reportedVehicleDays": group["reportedDays"] or 0,
        "reportedLPer100Km": rounded(100 * group["measuredL"] / km, 2) if km else None,
        "estimatedL": rounded(group["estimatedL"], 3),
        "estimatedVehicleDays": group["estimatedDays"] or 0,
        "refills": group["refills"] if has_level or group["refills"] else None,
        "refilledL": rounded(group["refilledL"], 1),
        "drains": group["drains"] if has_level or group["drains"] else None,
        "drainedL": rounded(group["drainedL"], 1),
        "fills": group["fills"],
        "filledL": rounded(group["filledL"], 3),
        "costs": [
            {"currency": currency, **{name: rounded(costs.get(name), 2) for name in ("reported", "estimated", "filled")}}
            for currency, costs in sorted(group["costs"].items())
        ],
    }
