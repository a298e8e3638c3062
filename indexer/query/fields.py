"""The fields that a query can name, and their values in the form that the index holds."""

from __future__ import annotations

import re
from datetime import date

# The filters, by the name that they have in a query, in a URL and on the pages.
FILTERS = ("kernel", "how", "topic", "kind", "issue", "author", "tree", "outcome", "newsletter")
DATED = ("before", "after")
FIELDS = (*FILTERS, "id", "series", *DATED)
# Release candidates and stable updates count for their base version: v4.12-rc3, v4.15.3.
SMALLER_PARTS = re.compile(r"(?<=\d)-rc\d+|(?:(?<=v\d\.\d)|(?<=v\d\.\d\d))\.\d+(?!\d)")
BARE_VERSION = re.compile(r"(?P<before>^|\.\.|[<>=])v?(?=\d)")  # 4.15, 4.13..4.15, >=4.14


def normal(name: str, value: str) -> str:
    """Return a filter's value in the form of the index: v4.15 for 4.15, lower case except for authors."""
    if name == "kernel":
        return SMALLER_PARTS.sub("", BARE_VERSION.sub(r"\g<before>v", value.lower()))
    return value if name == "author" else value.casefold()


def day_of(value: str) -> date | None:
    """Return the day that a date means, the first of a month or a year; None if it is no date."""
    parts = (value + "-01-01").split("-")[:3] if value.count("-") < 2 else value.split("-")
    try:
        year, month, day = (int(part) for part in parts)
        return date(year, month, day)
    except (ValueError, OverflowError):
        return None
