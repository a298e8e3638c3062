"""Recognize dates in queries: 29 august 2017, Nov 2017, 2017-08-29."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from indexer.query.tree import Match

# Words before a version or a date, in the languages of `indexer.languages`.
FROM_ON = {
    "since": ">=", "after": ">", "before": "<", "until": "<=",
    "seit": ">=", "ab": ">=", "nach": ">", "vor": "<", "bis": "<=",
    "depuis": ">=", "apres": ">", "avant": "<",
}  # fmt: skip
YEAR = re.compile(r"^(?:19|20)\d\d$")
DAY = re.compile(r"^(?P<day>[0-3]?\d)(?:st|nd|rd|th|er|\.)?$")
NUMERIC = re.compile(r"^(?P<year>(?:19|20)\d\d)[-/.](?P<month>[01]?\d)(?:[-/.](?P<day>[0-3]?\d))?$")
AMBIGUOUS = ("may", "march", "mar", "marz", "mars")  # months that are also common words


class Months(NamedTuple):
    """Names of months with their numbers: those understood by themselves, and those of dates with a year.

    `period` are the words that come before a month or year, `year` words for a year.
    """

    alone: Mapping[str, int]
    dated: Mapping[str, int]
    period: Sequence[str]
    year: Sequence[str]


class WrittenDate(NamedTuple):
    """A date in a query: year, optional month and day, and its number of words."""

    year: int | None
    month: int | None
    day: int | None
    length: int
    shown: str
    only_month_name: bool = False

    def includes(self, day: str) -> bool:
        """Return whether a day (2017-08-29) is in the period; an undated issue has the day ""."""
        if not day:
            return False
        year, month, of_month = map(int, day.split("-"))
        return self.year in (None, year) and self.month in (None, month) and self.day in (None, of_month)

    def conditions(self, days: Sequence[str], sign: str = "") -> tuple[Match, ...]:
        """Return the conditions for issues in the period, or from or up to it with a sign such as ">=".

        A month without a year is the latest one with issues.
        """
        year = self.year or next(int(day[:4]) for day in reversed(days) if self.includes(day))
        start, following = self.bounds(year)
        from_start, from_following = Match("after", start), Match("after", following)
        to_start, to_following = Match("before", start), Match("before", following)
        signs = {">=": (from_start,), ">": (from_following,), "<": (to_start,), "<=": (to_following,)}
        return signs.get(sign, (from_start, to_following))

    def bounds(self, year: int) -> tuple[str, str]:
        """Return the beginning of the period, and of what follows it."""
        if self.month is None:
            return f"{year}", f"{year + 1}"
        if self.day is not None:
            first = date(year, self.month, self.day)
            return first.isoformat(), (first + timedelta(days=1)).isoformat()
        return f"{year}-{self.month:02}", f"{year + self.month // 12}-{self.month % 12 + 1:02}"


def date_at(texts: Sequence[str], at: int, months: Months) -> WrittenDate | None:
    """Return the date that begins at a word, or None."""
    one, two, three = (*texts[at : at + 3], "", "")[:3]
    if match := NUMERIC.match(one):
        return written(int(match["year"]), int(match["month"]), int(match["day"] or 0) or None, 1, one)
    if (day := day_of_month(one)) and two in months.dated and YEAR.match(three):
        return written(int(three), months.dated[two], day, 3, f"{one} {two} {three}")
    if one in months.dated and (day := day_of_month(two)) and YEAR.match(three):
        return written(int(three), months.dated[one], day, 3, f"{one} {two} {three}")
    if one in months.dated and YEAR.match(two):
        return written(int(two), months.dated[one], None, 2, f"{one} {two}")
    if one in months.alone:
        return WrittenDate(None, months.alone[one], None, 1, one, only_month_name=one in AMBIGUOUS)
    if one in months.year and YEAR.match(two):
        return written(int(two), None, None, 2, two)
    if YEAR.match(one) and at and (texts[at - 1] in months.period or texts[at - 1] in FROM_ON):
        return written(int(one), None, None, 1, one)
    return None


def written(year: int, month: int | None, day: int | None, length: int, shown: str) -> WrittenDate | None:
    """Return a date, or None if it does not exist."""
    try:
        date(year, month or 1, day or 1)
    except ValueError:
        return None
    return WrittenDate(year, month, day, length, shown)


def day_of_month(text: str) -> int | None:
    match = DAY.match(text)
    return int(match["day"]) if match else None
