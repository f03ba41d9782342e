"""Rows from the database, as the stand-in's handlers ask for them."""

import os
from contextlib import contextmanager
from datetime import date, timedelta
from decimal import Decimal

from psycopg2.pool import ThreadedConnectionPool

ZONE = "Africa/Nairobi"

# As many as callers at once in the bench: this pool raises when it has none left.
pool = ThreadedConnectionPool(8, 8, os.environ["DATABASE_URL"], options="-c TimeZone=UTC")


def close():
    pool.closeall()


@contextmanager
def cursor():
    connection = pool.getconn()
    try:
        connection.autocommit = True
        with connection.cursor() as open_cursor:
            yield open_cursor
    finally:
        pool.putconn(connection)


def rows(statement, **parameters):
    with cursor() as asked:
        asked.execute(statement, parameters)
        return asked.fetchall()


def periods(since, until):
    """The days asked for, and as many before them, as parameters of a statement."""
    first, last = date.fromisoformat(since), date.fromisoformat(until)
    days = (last - first).days + 1
    return {
        "first": first,
        "last": last,
        "days": days,
        "before_first": first - timedelta(days=days),
        "before_last": first - timedelta(days=1),
    }


def head(p):
    """What every answer about a period begins with."""
    period = {"from": p["first"].isoformat(), "to": p["last"].isoformat(), "days": p["days"], "zone": ZONE}
    return {"period": period}


def compared(p):
    before = {"from": p["before_first"].isoformat(), "to": p["before_last"].isoformat()}
    return {**head(p), "before": before}


def instant(at):
    return None if at is None else at.isoformat()[:19] + "Z"


def rounded(value, digits):
    return None if value is None else round(float(value), digits)


def number(value):
    """Sums of sums come as Decimal, which JSON lacks."""
    return int(value) if isinstance(value, Decimal) else value


def share(part, whole):
    return round(float(part / whole), 4) if part is not None and whole else None
