"""The present moment and Lisbon's date."""

from __future__ import annotations

import datetime
from zoneinfo import ZoneInfo

LISBON = ZoneInfo("Europe/Lisbon")


def utc_now() -> datetime.datetime:
    """Return this moment, aware, in UTC."""
    return datetime.datetime.now(datetime.UTC)


def lisbon_date(moment: datetime.datetime | None = None) -> datetime.date:
    """Return the date in mainland Portugal at ``moment`` (aware), by default now.

    AT compares start dates and the window for annulling with this date, whatever
    the time zone of the user.
    """
    return (moment or utc_now()).astimezone(LISBON).date()
