"""Parse dates such as 2018-01-14, 2022/Jul/15, May 24, 2017, 3. März 2021, 06-27-2023, and those of e-mail."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time
from email.utils import parsedate_to_datetime
from typing import TypeVar

from indexer.languages import every_month, plain

Day = TypeVar("Day", bound=date)
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
# Only the first three letters of a month count, because issues also write "Feburary".
MONTH = r"(?P<month>[A-Z][a-z]{2,20})"
DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
YEAR = r"(?P<year>\d{4})(?!\d)"
NUMERIC = re.compile(r"(?<!\d)(?P<year>\d{4})[-/](?P<month>\d{1,2})[-/](?P<day>\d{1,2})(?!\d)")
DOTTED = re.compile(r"(?<![\d.])(?P<year>(?:19|20)\d{2})\.(?P<month>\d{2})\.(?P<day>\d{2})(?!\d|\.\d)")
MONTH_FIRST = re.compile(rf"\b{MONTH}\.? {DAY},? {YEAR}")
DAY_FIRST = re.compile(rf"\b{DAY}\.? (?:of )?{MONTH}\.?,? {YEAR}")
# In other languages: 3. März 2021, 1er mars 2021, 3 de marzo de 2021.
FOREIGN = re.compile(rf"\b(?P<day>\d{{1,2}})(?:er|º|\.)? (?:de )?(?P<month>[^\W\d_]{{3,12}})\.?(?: de)? {YEAR}")
YEAR_FIRST = re.compile(rf"(?<!\d){YEAR}[-/ ]{MONTH}[-/ ]{DAY}(?!\d)")
YEAR_LAST = re.compile(r"^(?P<one>\d{1,2})(?P<sign>[-/.])(?P<other>\d{1,2})(?P=sign)(?P<year>\d{4})$")
TIME = re.compile(r"(?:[T ]\d{1,2}:\d{2}[\d:.,]*+(?: ?[+-]\d{2}:?\d{2}| ?[A-Z]{1,5})?)?")
LONGEST = 100  # characters of a text that can be a date
YEARS = range(1000, 3000)  # adding days to a date near the years 1 and 9999 fails


def day_in(text: str) -> date | None:
    """Return the first date in a text; None if there is none, or if it is not a valid date."""
    if match := NUMERIC.search(text) or DOTTED.search(text):
        return day_from(match["year"], match["month"], match["day"])
    english = written_day(MONTH_FIRST.search(text) or DAY_FIRST.search(text) or YEAR_FIRST.search(text))
    return english or foreign_day(FOREIGN.search(text))


def day_that_is(text: str) -> date | None:
    """Return the date if the whole text is one, such as "May 24, 2017"."""
    english = written_day(MONTH_FIRST.fullmatch(text) or DAY_FIRST.fullmatch(text))
    return english or foreign_day(FOREIGN.fullmatch(text))


def written_day(match: re.Match[str] | None) -> date | None:
    month = match["month"][:3].lower() if match else ""
    return day_from(match["year"], str(MONTHS.index(month) + 1), match["day"]) if match and month in MONTHS else None


def foreign_day(match: re.Match[str] | None) -> date | None:
    """Return the date with the full name of a month in one of the known languages."""
    month = every_month().get(plain(match["month"])) if match else None
    return day_from(match["year"], str(month), match["day"]) if match and month else None


def day_from(year: str, month: str, day: str) -> date | None:
    try:
        return plausible(date(int(year), int(month), int(day)))
    except ValueError:
        return None


def plausible(day: Day | None) -> Day | None:
    """Return a date or time unchanged; None if no issue can have it, such as one in the year 1."""
    return day if day and day.year in YEARS else None


def midnight(day: date | None) -> datetime | None:
    """Return the start of a day in UTC."""
    return datetime.combine(day, time(), UTC) if day else None


def as_date(value: object) -> datetime | None:
    """Return a value of front matter, metadata, a feed or an e-mail as a time in UTC; None if it is not a date.

    A time without a zone is taken as UTC.
    """
    if isinstance(value, str):
        value = parsed(value.strip())
    if isinstance(value, datetime):
        try:
            return plausible(value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC))
        except OverflowError:
            return None
    return midnight(plausible(value)) if isinstance(value, date) else None


def parsed(text: str) -> datetime | date | None:
    """Parse a date in ISO 8601, in the format of e-mail, with a month's name, or in unambiguous numbers."""
    if len(text) > LONGEST:
        return None
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        pass
    if numeric := NUMERIC.match(text):
        return day_in(text) if TIME.fullmatch(text, numeric.end()) else None
    try:
        return parsedate_to_datetime(text)
    except (ValueError, OverflowError, IndexError, TypeError):
        return day_in(text) or day_with_year_last(text)


def day_with_year_last(text: str) -> date | None:
    """Return the date of 06-27-2023 or 27.06.2023; None for 06-07-2023, which is ambiguous."""
    match = YEAR_LAST.match(text)
    if match is None:
        return None
    one, other = match["one"], match["other"]
    readings = {day_from(match["year"], other, one), day_from(match["year"], one, other)} - {None}
    if match["sign"] == ".":
        return day_from(match["year"], other, one)  # with dots, the day comes first
    return readings.pop() if len(readings) == 1 else None


def doubt(said: object, date: datetime | None) -> str:
    """Return a message on a date that was not read, or whose day and month only its numbers show; "" for others."""
    match = YEAR_LAST.match(said.strip()) if isinstance(said, str) else None
    if date is None and match and day_from(match["year"], match["one"], match["other"]):
        return f"The date {said} in the front matter can be read in two ways. Write it as YYYY-MM-DD."
    if date is None:
        return f"The date in the front matter is not valid: {said}."
    return f"The date {said} in the front matter was read as {date:%Y-%m-%d}." if match else ""
