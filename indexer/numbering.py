"""Which issue a source is where it does not say so: by its file's name, and by how often its newsletter appears."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import PurePosixPath

from indexer.formats.dates import day_in
from indexer.model import Document, Newsletter, Problem
from indexer.values import whole_number


@dataclass(frozen=True, slots=True)
class Named:
    """The number and the day that a file's name gives its issue, None where it gives none."""

    number: int | None = None
    day: date | None = None


NAMELESS = Named()


def named(name: str, newsletter: Newsletter) -> Named:
    """Return what a file's name says of its issue, by the first of the newsletter's patterns that fits."""
    for pattern in newsletter.files:
        if match := re.search(pattern, PurePosixPath(name).name):
            groups = match.groupdict()
            return Named(whole_number(groups.get("number") or ""), day_in(groups.get("date") or ""))
    return NAMELESS


def number_on(day: date, newsletter: Newsletter) -> int | None:
    """Return the number of the issue of a day, counted from the first; None where the newsletter is not counted."""
    if newsletter.first is None:
        return None
    return 1 + round((day - newsletter.first).days / newsletter.every)


def day_of(number: int, newsletter: Newsletter) -> date | None:
    """Return the day of an issue, counted from the first; None where the newsletter is not counted."""
    if newsletter.first is None:
        return None
    try:
        return newsletter.first + timedelta(days=newsletter.every * (number - 1))
    except OverflowError:
        return None


def disagreements(
    document: Document, number: int, day: date, name: str, newsletter: Newsletter, where: str
) -> Iterator[Problem]:
    """Yield a problem for each number and day that a source gives besides the ones that were taken.

    Days are compared where the newsletter is counted; as far apart as two issues, they are not of one issue.
    """
    said = named(name, newsletter)
    if said.number and said.number != number:
        yield Problem(where, 0, f"its file name says that it is issue {said.number}, not {number}")
    if newsletter.first is None:
        return
    told = {"title": day_in(document.title), "address": day_in(document.page), "file name": said.day}
    for what, other in told.items():
        if other and abs((other - day).days) >= newsletter.every:
            yield Problem(where, 0, f"its {what} says {other}, where {day} was taken")
