"""The days that texts name: "2018-01-14", "May 24, 2017", "July 8th, 2018"."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
# Of a month's name the first three letters are read: issues write "Feburary", too.
WRITTEN = r"(?P<month>[A-Z][a-z]+)\.? (?P<day>\d{1,2})(?:st|nd|rd|th)?, (?P<year>\d{4})"
NUMERIC = re.compile(r"(?<!\d)(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})(?!\d)")
ANYWHERE, WHOLE = re.compile(rf"\b{WRITTEN}\b"), re.compile(f"^{WRITTEN}$")


def day_in(text: str) -> date | None:
    """Return the first day that a text names, None where it names none or one that no calendar has."""
    if match := NUMERIC.search(text):
        return day_from(match["year"], int(match["month"]), match["day"])
    return written_day(ANYWHERE.search(text))


def day_that_is(text: str) -> date | None:
    """Return the day that a whole text is, as "May 24, 2017"."""
    return written_day(WHOLE.match(text))


def written_day(match: re.Match[str] | None) -> date | None:
    month = match["month"][:3].lower() if match else ""
    return day_from(match["year"], MONTHS.index(month) + 1, match["day"]) if match and month in MONTHS else None


def day_from(year: str, month: int, day: str) -> date | None:
    try:
        return date(int(year), month, int(day))
    except ValueError:
        return None


def midnight(day: date | None) -> datetime | None:
    """Return the time at which a day begins in UTC."""
    return datetime.combine(day, time(), UTC) if day else None
