"""A stand-in of the earlier system's dashboard API, for the bench alone: it shows what the same questions cost that way.

Of the system before this one it is known that it was FastAPI in one process over psycopg2, that handlers were synchronous,
and that answers were built in Python from rows of functions and views. Its code is not known. What is built here is what its
owner would write with care: plain tuples, a pool of connections, no encoder of FastAPI's before the JSON. It asks the
roll-ups that the product has, where the earlier system added up views.

DATABASE_URL says where; the answers have the facts and the names of the product's.
"""

import os

from fastapi import FastAPI, Query
from fastapi.responses import JSONResponse

import figures
import fuel
import places
from rows import close

app = FastAPI(openapi_url=None, on_shutdown=[close])


@app.get("/health")
def health():
    return JSONResponse({"pid": os.getpid()})


@app.get("/tracks/{imei}")
def track(imei: str, since: str = Query(alias="from"), until: str = Query(alias="to")):
    return JSONResponse(places.track(imei, since, until))


@app.get("/trips")
def trips(since: str = Query(alias="from"), until: str = Query(alias="to"), limit: int = 1000):
    return JSONResponse(places.trips(since, until, limit))


@app.get("/trips/map")
def trips_on_map(since: str = Query(alias="from"), until: str = Query(alias="to"), limit: int = 1000):
    return JSONResponse(places.trips_on_map(since, until, limit))


@app.get("/analytics/fleet-summary")
def fleet_summary(since: str = Query(alias="from"), until: str = Query(alias="to")):
    return JSONResponse(figures.fleet_summary(since, until))


@app.get("/analytics/utilisation")
def utilisation(since: str = Query(alias="from"), until: str = Query(alias="to")):
    return JSONResponse(figures.utilisation(since, until))


@app.get("/analytics/driver-behaviour")
def driver_behaviour(since: str = Query(alias="from"), until: str = Query(alias="to")):
    return JSONResponse(figures.driver_behaviour(since, until))


@app.get("/analytics/driver-clock")
def driver_clock(since: str = Query(alias="from"), until: str = Query(alias="to")):
    return JSONResponse(figures.driver_clock(since, until))


@app.get("/analytics/distance-daily")
def distance_daily(since: str = Query(alias="from"), until: str = Query(alias="to")):
    return JSONResponse(figures.distance_daily(since, until))


@app.get("/analytics/alarms")
def alarms(since: str = Query(alias="from"), until: str = Query(alias="to")):
    return JSONResponse(figures.alarms(since, until))


@app.get("/analytics/fuel")
def fuel_used(since: str = Query(alias="from"), until: str = Query(alias="to")):
    return JSONResponse(fuel.fuel(since, until))


@app.get("/analytics/filters")
def filters(since: str = Query(alias="from"), until: str = Query(alias="to")):
    return JSONResponse(figures.filters(since, until))
