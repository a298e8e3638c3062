"""Identify an issue by its file name, and by the interval at which its newsletter appears."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import PurePosixPath

from indexer.formats.dates import day_in, plausible
from indexer.model import Document, Label, Newsletter, Problem, label_of


@dataclass(frozen=True, slots=True)
class Named:
    """The label and day in a file name, each None if missing."""

    label: Label | None = None
    day: date | None = None


NAMELESS = Named()
SIGNED = r"#(?P<number>\d{1,5}(?:\.\d+)?)\b"
ORDINAL = r"第\s*(?P<number>\d{1,5})\s*[号號期回]"  # Japanese and Chinese
USUAL_TITLES = (
    SIGNED,
    r"(?i)\b(?:issue|edition|number|no\.?|nr\.?|week|vol\.?|volume)\s*[#:]?\s*(?P<number>\d{1,5}(?:\.\d+)?)\b(?![/-]\d)",
    r"\b(?P<number>\d{1,2}/(?:19|20)\d\d)\b",
    ORDINAL,
)
COUNTED = r"(?i)(?:issue|edition|number|no|week|newsletter|weekly)"
NUMBERED_FILES = (
    COUNTED + r"[-_ ](?P<number>(?:19|20)\d\d-\d{1,2})(?![-\d])",
    COUNTED + r"[-_ ]?(?!(?:19|20)\d\d-\d)(?P<number>\d{1,5}(?:\.\d+)?)(?=\D|$)",
    r"(?i)\b(?P<number>\d{4}-?q[1-4])\b",
)
DAY_FOLDERS = r"(?P<date>\d{4}/(?:\d{2}|[A-Z][a-z]{2,8})[/-]\d{1,2})(?!\d)"
DOTTED_DAY = r"(?P<date>(?:19|20)\d{2}\.\d{2}\.\d{2})(?!\d|\.\d)"
USUAL_FILES = (*NUMBERED_FILES, r"(?P<date>\d{4}-\d{1,2}-\d{1,2})(?!\d)", DOTTED_DAY, DAY_FOLDERS)
NUMBER_GROUP = "(?P<number>"


def with_usual_patterns(newsletter: Newsletter) -> Newsletter:
    """Return a newsletter without a table, with patterns that fit most newsletters: "#12", "issue-12.md"."""
    return replace(newsletter, titles=USUAL_TITLES, files=USUAL_FILES)


def named(name: str, newsletter: Newsletter) -> Named:
    """Return the label and day in a file's name or path, by the first of the newsletter's patterns that matches.

    If that pattern has no day, the day of a later pattern is used.
    """
    in_name = NAMELESS
    for pattern in newsletter.files:
        if match := re.search(pattern, PurePosixPath(name).name) or re.search(pattern, name):
            groups = match.groupdict()
            found = Named(given_label(groups.get("number") or ""), day_in(groups.get("date") or ""))
            in_name = found if in_name == NAMELESS else replace(in_name, day=found.day)
            if in_name.day:
                return in_name
    return in_name


def given_label(text: str) -> Label | None:
    """Return the label that a pattern matched, or None."""
    try:
        return label_of(text)
    except ValueError:
        return None


def is_numbered(newsletter: Newsletter) -> bool:
    """Return whether a newsletter's table has patterns for issue numbers."""
    return bool(newsletter.titles) or any(NUMBER_GROUP in pattern for pattern in newsletter.files)


def day_of(label: Label, newsletter: Newsletter) -> date | None:
    """Return the day of an issue, counted from the first issue; None if the newsletter has no fixed interval."""
    if newsletter.first is None or not isinstance(label, int):
        return None
    try:
        return plausible(newsletter.first + timedelta(days=newsletter.every * (label - 1)))
    except OverflowError:
        return None


def disagreements(
    document: Document, label: Label, day: date | None, name: str, newsletter: Newsletter, where: str
) -> Iterator[Problem]:
    """Yield a problem for each label and day in a source that contradicts the ones that were used.

    Days are compared only if the newsletter has a fixed interval; a contradiction is at least one interval.
    """
    in_name = named(name, newsletter)
    if in_name.label is not None and in_name.label != label:
        yield Problem(where, 0, f"The file name says that this is issue {in_name.label}, not {label}.")
    if newsletter.first is None or day is None:
        return
    days = {"title": day_in(document.title), "URL": day_in(document.page), "file name": in_name.day}
    for what, other in days.items():
        if other and abs((other - day).days) >= newsletter.every:
            yield Problem(where, 0, f"The {what} says {other}, but {day} was used.")
