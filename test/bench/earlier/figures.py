"""Figures of a period beside the one before. Statements add up the roll-ups of days by what is asked for; Python does the rest."""

from rows import ZONE, compared, head, instant, number, periods, rounded, rows, share

LISTED = 100

# Rows of a day come with whether it is of the period asked for.
SUMMARY = """
  select v.day >= %(first)s as is_now, v.imei, count(*), count(*) filter (where v.moving_s + v.idling_s + v.parked_s > 0),
    sum(v.moving_s), sum(v.idling_s), sum(v.parked_s), sum(v.unknown_s), sum(v.distance_km), count(v.distance_km),
    sum(v.trips), sum(v.fuel_l), count(v.fuel_l), sum(v.distance_km) * max(d.fuel_l_per_100_km) / 100,
    sum(v.alarms), sum(v.speeding_events), sum(v.harsh_events)
  from reporting.vehicle_day v join reporting.v_vehicles d on d.imei = v.imei
  where v.day between %(before_first)s and %(last)s
  group by 1, 2"""

COVERED = """
  select c.is_now, count(*), sum(c.known_s), sum(c.expected_s)
  from (
    select h.imei, h.hour >= %(first)s::timestamp at time zone %(zone)s as is_now,
      (h.hour at time zone %(zone)s)::date as day, sum(h.have_s + h.recovered_s) as known_s,
      sum(h.have_s + h.recovered_s + h.missing_s) as expected_s
    from reporting.coverage_hours h
    join reporting.v_vehicles d on d.imei = h.imei
    where h.hour >= %(before_first)s::timestamp at time zone %(zone)s
      and h.hour < (%(last)s + 1)::timestamp at time zone %(zone)s
    group by 1, 2, 3
  ) c
  group by 1"""

SUMMED = (
    *("vehiclesKnown", "vehiclesActive", "distanceKm", "movingS", "idlingS", "parkedS", "unknownS", "trips"),
    *("fuelReportedL", "fuelEstimatedL", "alarms", "speedingEvents", "harshEvents", "coverageShare"),
)


def fleet_summary(since, until):
    p = periods(since, until)
    found = rows(SUMMARY, **p)
    covered = {is_now: (count, known, expected) for is_now, count, known, expected in rows(COVERED, zone=ZONE, **p)}
    now, before = ({**summed([r for r in found if r[0] is is_now], covered.get(is_now))} for is_now in (True, False))
    fleet = len({row[1] for row in found})
    return {
        **compared(p),
        "vehicles": fleet,
        "vehicleDays": fleet * p["days"],
        "vehicleDaysBefore": fleet * p["days"],
        "figures": {name: beside(now[name], before[name]) for name in SUMMED},
    }


def summed(found, covered):
    def add(column):
        values = [row[column] for row in found if row[column] is not None]
        return number(sum(values)) if values else None

    known, distances = add(3) or 0, add(9) or 0
    days, part, whole = covered or (0, None, None)
    return {
        "vehiclesKnown": (len([row for row in found if row[3] > 0]), known),
        "vehiclesActive": (len([row for row in found if row[4] > 0]), known),
        "distanceKm": (rounded(add(8), 3), distances),
        **{name: (add(column), known) for column, name in ((4, "movingS"), (5, "idlingS"), (6, "parkedS"))},
        "unknownS": (add(7), add(2) or 0),
        "trips": (add(10), known),
        "fuelReportedL": (rounded(add(11), 3), add(12) or 0),
        "fuelEstimatedL": (rounded(add(13), 3), distances),
        "alarms": (add(14), known),
        "speedingEvents": (add(15), known),
        "harshEvents": (add(16), known),
        "coverageShare": (share(part, whole), days),
    }


def beside(now, before):
    (value, known), (was, was_known) = now, before
    change = None if value is None or was is None else round(value - was, 4)
    return {
        "value": value,
        "knownVehicleDays": known,
        "before": was,
        "knownVehicleDaysBefore": was_known,
        "change": change,
        "changeShare": share(change, was),
    }


# One vehicle more than a page shows, and all of them together.
UTILISATION = """
  select v.day >= %(first)s as is_now, v.imei, max(d.name), max(d.plate), count(distinct v.imei), count(*),
    count(*) filter (where v.moving_s + v.idling_s + v.parked_s > 0), count(*) filter (where v.moving_s > 0),
    sum(v.moving_s), sum(v.idling_s), sum(v.parked_s), sum(v.unknown_s), sum(v.distance_km), count(v.distance_km),
    sum(v.trips), count(v.trips), min(v.first_moving_at), max(v.last_moving_at), max(v.max_speed_kmh)
  from reporting.vehicle_day v join reporting.v_vehicles d on d.imei = v.imei
  where v.day between %(before_first)s and %(last)s
  group by grouping sets ((1, v.imei), (1))
  order by v.imei"""


def utilisation(since, until):
    p = periods(since, until)
    totals, groups, names = {True: None, False: None}, {}, {}
    for is_now, imei, name, plate, *told in rows(UTILISATION, **p):
        if imei is None:
            totals[is_now] = used(told)
        else:
            groups.setdefault(imei, {})[is_now] = told
            names[imei] = name, plate
    shown = list(groups.items())[:LISTED]
    return {
        **compared(p),
        "groupBy": "vehicle",
        "totals": {"period": totals[True], "before": totals[False]},
        "groups": [
            {"key": imei, "name": names[imei][0], "plate": names[imei][1], **both(told, used)} for imei, told in shown
        ],
    }


def both(told, figures):
    return {
        "period": figures(told[True]) if True in told else None,
        "before": figures(told[False]) if False in told else None,
    }


def used(told):
    vehicles, days, known, moved, moving, idling, parked, unknown, km, km_days, trips, trip_days, first, last, top = told
    known_s = moving + idling + parked
    return {
        **{"vehicles": vehicles, "vehicleDays": days, "knownVehicleDays": known, "usedVehicleDays": moved},
        **{"movingS": moving, "idlingS": idling, "parkedS": parked, "unknownS": unknown},
        **{"movingShare": share(moving, known_s), "idlingShare": share(idling, known_s)},
        **{"parkedShare": share(parked, known_s), "distanceKm": rounded(km, 3), "distanceVehicleDays": km_days},
        **{"trips": trips, "tripsVehicleDays": trip_days, "firstMovingAt": instant(first)},
        **{"lastMovingAt": instant(last), "maxSpeedKmh": top},
    }


BEHAVIOUR = """
  select r.day >= %(first)s as is_now, r.driver_name collate "C", count(distinct r.imei), count(*),
    count(*) filter (where r.moving_s + r.idling_s + r.parked_s > 0), sum(r.distance_km), count(r.distance_km),
    sum(r.moving_s), sum(r.idling_s), sum(r.trips), sum(r.alarms), sum(r.speeding_events), sum(r.harsh_events),
    sum(r.speeding_events) filter (where r.distance_km is not null),
    sum(r.harsh_events) filter (where r.distance_km is not null), max(r.max_speed_kmh)
  from reporting.driver_day r join reporting.v_vehicles d on d.imei = r.imei
  where r.day between %(before_first)s and %(last)s
  group by grouping sets ((1, 2), (1))
  order by 2"""


def driver_behaviour(since, until):
    p = periods(since, until)
    totals, drivers = {True: None, False: None}, {}
    for is_now, driver, *told in rows(BEHAVIOUR, **p):
        if driver is None:
            totals[is_now] = drove(told)
        else:
            drivers.setdefault(driver, {})[is_now] = drove(told)
    for is_now in (True, False):
        rank([told[is_now] for told in drivers.values() if is_now in told])
    shown = [(driver, told) for driver, told in drivers.items() if True in told][:LISTED]
    return {
        **compared(p),
        "totals": {"period": totals[True], "before": totals[False]},
        "drivers": [{"driver": driver, "period": told[True], "before": told.get(False)} for driver, told in shown],
    }


def drove(told):
    vehicles, days, known, km, km_days, moving, idling, trips, alarms, speeding, harsh, sped, jerked, top = told
    speeding_rate, harsh_rate = (100 * n / km if km else None for n in (sped, jerked))
    score = None if km is None or km < 20 else round(max(100 - 5 * speeding_rate - 2.5 * harsh_rate, 0), 1)
    return {
        **{"vehicles": vehicles, "driverDays": days, "knownDriverDays": known, "distanceKm": rounded(km, 3)},
        **{"distanceDriverDays": km_days, "movingS": moving, "idlingS": idling},
        **{"idlingShare": share(idling, moving + idling), "trips": trips, "alarms": alarms},
        **{"speedingEvents": speeding, "harshEvents": harsh, "speedingPer100Km": rounded(speeding_rate, 3)},
        **{"harshPer100Km": rounded(harsh_rate, 3), "maxSpeedKmh": top, "score": score, "rank": None},
    }


def rank(drivers):
    scores = sorted((told["score"] for told in drivers if told["score"] is not None), reverse=True)
    ranks = {}
    for number, score in enumerate(scores, 1):
        ranks.setdefault(score, number)
    for told in drivers:
        told["rank"] = ranks.get(told["score"])


CLOCK = """
  select c.day, c.driver_name, c.imei, c.name, c.plate, c.account, c.city, c.shift, c.shift_from, c.shift_to,
    c.first_ignition_at, c.first_moving_at, c.began_at, c.last_moving_at, c.last_ignition_at, c.late_s, c.is_late, v.known_to
  from (
    select r.day, r.driver_name, r.imei from reporting.driver_day r join reporting.v_vehicles d on d.imei = r.imei
    where r.day between %(first)s and %(last)s
    order by r.day, r.driver_name, r.imei
    limit %(listed)s
  ) p
  join reporting.v_driver_clock_daily c on c.day = p.day and c.driver_name = p.driver_name and c.imei = p.imei
  left join reporting.vehicle_day v on v.imei = p.imei and v.day = p.day
  order by p.day, p.driver_name, p.imei"""


def driver_clock(since, until):
    p = periods(since, until)
    return {**head(p), "days": [clocked(row) for row in rows(CLOCK, listed=LISTED, **p)]}


def clocked(row):
    day, driver, imei, name, plate, account, city, shift, start, end, on, moved, began, ended, off, late, is_late, known = row
    if start is None:
        status = "free"
    elif is_late:
        status = "late"
    elif began is not None:
        status = "on_time"
    else:
        status = "missing" if known is not None and known >= start else "unknown"
    return {
        **{"day": day.isoformat(), "driver": driver, "imei": imei, "name": name, "plate": plate, "account": account},
        **{"city": city, "status": status, "shift": shift, "shiftFrom": instant(start), "shiftTo": instant(end)},
        **{"firstIgnitionAt": instant(on), "firstMovingAt": instant(moved), "beganAt": instant(began)},
        **{"endedAt": instant(ended), "lastIgnitionAt": instant(off), "lateS": late},
    }


DISTANCE = """
  select v.day >= %(first)s as is_now, v.day, v.distance_source, count(*), sum(v.distance_km), count(v.distance_km)
  from reporting.vehicle_day v join reporting.v_vehicles d on d.imei = v.imei
  where v.day between %(before_first)s and %(last)s
  group by 2, 3
  order by 2"""


def distance_daily(since, until):
    p = periods(since, until)
    found = rows(DISTANCE, **p)
    days = {}
    for is_now, day, *told in found:
        place = day if is_now else day + (p["first"] - p["before_first"])
        days.setdefault(place, {True: [], False: []})[is_now].append(told)
    totals = {is_now: [told for now, _, *told in found if now is is_now] for is_now in (True, False)}
    return {
        **compared(p),
        "totals": both(totals, driven),
        "days": [
            {"day": day.isoformat(), "imei": None, "name": None, "plate": None, **both(told, driven)}
            for day, told in sorted(days.items())[:LISTED]
        ],
    }


def driven(told):
    def of(source):
        parts = [(km, days) for name, _, km, days in told if name == source and km is not None]
        return {"distanceKm": rounded(sum(km for km, _ in parts), 3) if parts else None, "vehicleDays": sum(d for _, d in parts)}

    distances = [km for _, _, km, _ in told if km is not None]
    return {
        "vehicleDays": sum(days for _, days, _, _ in told),
        "knownVehicleDays": sum(days for _, _, _, days in told),
        "distanceKm": rounded(sum(distances), 3) if distances else None,
        "bySource": {source: of(source) for source in ("odometer", "vendor", "gps")},
    }


BY_VEHICLE = """
  select v.day >= %(first)s as is_now, v.imei, max(d.name), max(d.plate), sum(v.alarms), count(v.alarms), count(*)
  from reporting.vehicle_day v join reporting.v_vehicles d on d.imei = v.imei
  where v.day between %(before_first)s and %(last)s
  group by 1, 2"""

BY_DAY = """
  select v.day, sum(v.alarms), count(*) filter (where v.alarms > 0), count(*), count(v.alarms)
  from reporting.vehicle_day v join reporting.v_vehicles d on d.imei = v.imei
  where v.day between %(first)s and %(last)s
  group by v.day
  order by v.day"""

BY_CODE = """
  select a.canonical_code, c.name, c.class, coalesce(c.harsh, false), coalesce(sum(a.alarms) filter (where a.day >= %(first)s), 0),
    coalesce(sum(a.alarms) filter (where a.day < %(first)s), 0)
  from reporting.alarm_day a
  join reporting.v_vehicles d on d.imei = a.imei
  left join tracksolid.alarm_codes c on c.code = a.canonical_code
  where a.day between %(before_first)s and %(last)s
  group by 1, 2, 3, 4"""


def alarms(since, until):
    p = periods(since, until)
    now, before = {}, {}
    for is_now, imei, *told in rows(BY_VEHICLE, **p):
        (now if is_now else before)[imei] = told
    codes = sorted(rows(BY_CODE, **p), key=lambda row: (-row[4], -row[5], row[0]))
    classes = {}
    for _, _, name, _, count, was in codes:
        told = classes.setdefault(name, [0, 0])
        told[0] += count
        told[1] += was
    first = sorted((item for item in now.items() if item[1][2]), key=lambda item: (-item[1][2], item[0]))[:10]
    return {
        **compared(p),
        "total": {
            "alarms": sum(told[2] for told in now.values()),
            "vehicles": len([told for told in now.values() if told[2]]),
            "vehicleDays": sum(told[4] for told in now.values()),
            "knownVehicleDays": sum(told[3] for told in now.values()),
            "before": sum(told[2] for told in before.values()),
            "vehicleDaysBefore": sum(told[4] for told in before.values()),
            "knownVehicleDaysBefore": sum(told[3] for told in before.values()),
        },
        "classes": [
            {"class": name, "alarms": count, "before": was}
            for name, (count, was) in sorted(classes.items(), key=lambda item: (-item[1][0], item[0]))
        ],
        "codes": [
            {"code": code, "name": name, "class": kind, "harsh": harsh, "alarms": count, "before": was}
            for code, name, kind, harsh, count, was in codes[:10]
        ],
        "vehicles": [
            {
                **{"imei": imei, "name": told[0], "plate": told[1], "alarms": told[2]},
                **{"before": before[imei][2] if imei in before else None, "vehicleDays": told[4], "knownVehicleDays": told[3]},
            }
            for imei, told in first
        ],
        "days": [
            {"day": day.isoformat(), "alarms": count, "vehicles": vehicles, "vehicleDays": days, "knownVehicleDays": known}
            for day, count, vehicles, days, known in rows(BY_DAY, **p)
        ],
    }


VALUES = """
  select v.account, v.city, v.segment, v.vehicle_type, v.plate
  from reporting.v_vehicles v
  where v.enabled or exists (
    select from reporting.vehicle_day o where o.imei = v.imei and o.day between %(first)s and %(last)s
  )"""

DRIVERS = """
  select r.driver_name, count(distinct r.imei)
  from reporting.driver_day r join reporting.v_vehicles d on d.imei = r.imei
  where r.day between %(first)s and %(last)s
  group by 1
  order by 2 desc, 1
  limit 1000"""

CODES = """
  select a.canonical_code, c.name, c.class, sum(a.alarms)
  from reporting.alarm_day a
  join reporting.v_vehicles d on d.imei = a.imei
  left join tracksolid.alarm_codes c on c.code = a.canonical_code
  where a.day between %(first)s and %(last)s
  group by 1, 2, 3
  order by 4 desc, 1
  limit 1000"""

ENDS = """
  select (select min(v.day) from reporting.vehicle_day v), (select max(v.day) from reporting.vehicle_day v)"""


def filters(since, until):
    p = periods(since, until)
    vehicles = rows(VALUES, **p)
    [(first, last)] = rows(ENDS)

    def values(column):
        counts = {}
        for row in vehicles:
            if row[column] is not None:
                counts[row[column]] = counts.get(row[column], 0) + 1
        ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
        return [{"value": value, "vehicles": count} for value, count in ordered[:1000]]

    return {
        **head(p),
        **{"firstDay": first.isoformat(), "lastDay": last.isoformat(), "vehicles": len(vehicles)},
        **{"accounts": values(0), "cities": values(1), "segments": values(2), "vehicleTypes": values(3), "plates": values(4)},
        "drivers": [{"value": name, "vehicles": count} for name, count in rows(DRIVERS, **p)],
        "alarmCodes": [
            {"value": code, "name": name, "class": kind, "alarms": count} for code, name, kind, count in rows(CODES, **p)
        ],
    }
