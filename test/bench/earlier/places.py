"""Tracks and trips. The functions asked are those the earlier system asked by name: fn_vehicle_track and the view of trips."""

import base64
import json
from math import cos, radians, sqrt

from rows import instant, rows

GAP_S = 600
STOP_S = 300
MOVING_KMH = 3

TRACK = """
  select segment, gps_time, lat, lng, speed_kmh
  from reporting.fn_vehicle_track(%(imei)s, %(since)s::timestamptz, %(until)s::timestamptz)"""

PLACES = """
  select s.number, coalesce((
    select k.address from tracksolid.parking_events k
    where k.imei = %(imei)s and k.start_time < s.until and k.start_time > s.since - interval '32 days'
      and coalesce(k.end_time, 'infinity') > s.since and k.address is not null
    order by k.start_time desc limit 1
  ), (select c.address from tracksolid.geocode_cache c where c.cell = tracksolid.cell_of(s.lat, s.lng)))
  from json_to_recordset(%(stops)s::json) s (number int, since timestamptz, until timestamptz, lat float8, lng float8)"""

TRIPS = """
  select imei, name, plate, driver, account, start_time, end_time, duration_s, distance_km, driving_time_s, idle_time_s,
    avg_speed_kmh, max_speed_kmh, start_lat, start_lng, start_address, end_lat, end_lng, end_address, fuel_l, source
  from reporting.v_trips
  where start_time >= %(since)s::timestamptz and start_time < %(until)s::timestamptz{only}
  order by start_time desc, imei desc
  limit %(limit)s"""

NAMES = (
    *("imei", "name", "plate", "driver", "account", "startAt", "endAt", "durationS", "distanceKm", "drivingTimeS"),
    *("idleTimeS", "avgSpeedKmh", "maxSpeedKmh", "startLat", "startLng", "startAddress", "endLat", "endLng"),
    *("endAddress", "fuelL", "source"),
)


def track(imei, since, until):
    fixes = rows(TRACK, imei=imei, since=since, until=until)
    features = [*lines(fixes), *stops(imei, fixes)]
    return {"type": "FeatureCollection", "features": features}


def lines(fixes):
    segments = {}
    for segment, at, lat, lng, speed in fixes:
        places, times, speeds = segments.setdefault(segment, ([], [], []))
        places.append((lng, lat))
        times.append(instant(at))
        speeds.append(speed)
    for segment, (places, times, speeds) in segments.items():
        is_line = len(places) > 1
        yield {
            "type": "Feature",
            "geometry": {
                "type": "LineString" if is_line else "Point",
                "coordinates": places if is_line else places[0],
            },
            "properties": {
                "kind": "line" if is_line else "fix",
                "segment": segment,
                "coordTimes": times,
                "speedsKmh": speeds,
            },
        }


def stops(imei, fixes):
    """Fixes that stand together for five minutes and more."""
    found = []
    first = last = None
    for fix in fixes:
        if last is not None and not stands(last, fix):
            note(found, first, last)
            first = fix
        first = first or fix
        last = fix
    if last is not None:
        note(found, first, last)
    named = dict(rows(PLACES, imei=imei, stops=json.dumps(found)))
    for stop in found:
        yield {
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": (stop["lng"], stop["lat"])},
            "properties": {
                "kind": "stop",
                "number": stop["number"],
                "from": stop["since"],
                "to": stop["until"],
                "durationS": stop["durationS"],
                "place": named[stop["number"]],
            },
        }


def stands(a, b):
    (_, at, lat, lng, speed), (_, then, then_lat, then_lng, then_speed) = a, b
    is_long = (then - at).total_seconds() > GAP_S
    if not is_long and ((speed or 0) > MOVING_KMH or (then_speed or 0) > MOVING_KMH):
        return False
    apart = 111320 * sqrt((then_lat - lat) ** 2 + ((then_lng - lng) * cos(radians(then_lat))) ** 2)
    return apart <= (200 if is_long else 100)


def note(found, first, last):
    duration = (last[1] - first[1]).total_seconds()
    if duration >= STOP_S:
        found.append({
            "number": len(found) + 1,
            "since": instant(first[1]),
            "until": instant(last[1]),
            "durationS": int(duration),
            "lat": first[2],
            "lng": first[3],
        })


def trips(since, until, limit):
    facts, more = page(since, until, limit, "")
    return {"trips": facts, "next": more}


def trips_on_map(since, until, limit):
    facts, more = page(since, until, limit, " and not hidden_on_map")
    features = [
        {
            "type": "Feature",
            "id": trip["id"],
            "geometry": {
                "type": "LineString",
                "coordinates": ((trip["startLng"], trip["startLat"]), (trip["endLng"], trip["endLat"])),
            } if trip["startLat"] is not None and trip["endLat"] is not None else None,
            "properties": trip,
        }
        for trip in facts
    ]
    return {"type": "FeatureCollection", "features": features, "next": more}


def page(since, until, limit, only):
    found = rows(TRIPS.format(only=only), since=since, until=until, limit=limit + 1)
    facts = [fact(row) for row in found[:limit]]
    return facts, facts[-1]["id"] if len(found) > limit else None


def fact(row):
    start, end = row[5], row[6]
    place = json.dumps((row[0], f"{start:%Y-%m-%dT%H:%M:%S.%fZ}"), separators=(",", ":"))
    told = dict(zip(NAMES, row))
    told["startAt"], told["endAt"] = instant(start), instant(end)
    return {"id": base64.urlsafe_b64encode(place.encode()).decode().rstrip("="), **told}
