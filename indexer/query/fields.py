"""The fields that a query can name, as the profiles of an archive declare them, and how their values are written."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import cached_property

HOW = "how"
BEFORE_PATCHES = ("topic", "kind", "section", "issue", "author")
OF_PATCHES = ("tree", "outcome")
DATED = ("before", "after")
AS_WRITTEN = ("author", "section")
CANDIDATE = re.compile(r"(?<=\d)-(?:rc|alpha|beta)[.\d]*")
BARE = r"(?P<before>^|\.\.|[<>=])(?:{prefix})?(?=\d)"  # 4.15, 4.13..4.15, >=4.14


@dataclass(frozen=True)
class VersionForm:
    """How the versions of a facet are written: what begins them, and how many of their numbers count."""

    id: str
    prefix: str = ""
    parts: int = 2

    def normal(self, value: str) -> str:
        """Return versions or a range as the index has them: v4.15 for 4.15, 4.15.3 and 4.15-rc3."""
        value = CANDIDATE.sub("", self.bare.sub(rf"\g<before>{self.prefix}", value.lower()))
        return self.smaller.sub(r"\g<version>", value)

    @cached_property
    def bare(self) -> re.Pattern[str]:
        """A version without or with its prefix, at its beginning."""
        return re.compile(BARE.format(prefix=re.escape(self.prefix)))

    @cached_property
    def smaller(self) -> re.Pattern[str]:
        """A version with more numbers than count."""
        version = r"\.".join([r"\d{1,9}"] * self.parts)
        return re.compile(rf"(?<![\d.])(?P<version>{re.escape(self.prefix)}{version})(?:\.\d{{1,9}})+(?!\d)")


@dataclass(frozen=True)
class Fields:
    """The fields of an archive: those of any, its version facets, and those of patches where issues list patches."""

    versions: tuple[VersionForm, ...] = ()
    patches: bool = False

    @cached_property
    def version_ids(self) -> tuple[str, ...]:
        """The ids of the version facets."""
        return tuple(each.id for each in self.versions)

    @cached_property
    def filters(self) -> tuple[str, ...]:
        """The filters, by the name that they have in a query, in a URL and on the pages."""
        of_versions = (*self.version_ids, HOW) if self.versions else ()
        return (*of_versions, *BEFORE_PATCHES, *(OF_PATCHES if self.patches else ()), "newsletter")

    @cached_property
    def names(self) -> tuple[str, ...]:
        """All fields that a query can name."""
        return (*self.filters, "id", *(("series",) if self.patches else ()), *DATED)

    @cached_property
    def sorts(self) -> tuple[str, ...]:
        """The orders of hits."""
        return ("relevance", "newest", "oldest", *self.version_ids)

    def normal(self, name: str, value: str) -> str:
        """Return a filter's value in the form of the index: v4.15 for 4.15, lower case except for names."""
        form = next((each for each in self.versions if each.id == name), None)
        if form:
            return form.normal(value)
        return value if name in AS_WRITTEN else value.casefold()


PLAIN = Fields()  # of an archive whose profiles declare nothing of their own


def day_of(value: str) -> date | None:
    """Return the day of a date, the first day for a month or year; None if it is not a date."""
    parts = (value + "-01-01").split("-")[:3] if value.count("-") < 2 else value.split("-")
    try:
        year, month, day = (int(part) for part in parts)
        return date(year, month, day)
    except (ValueError, OverflowError):
        return None
