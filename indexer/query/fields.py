"""The fields that a query can name, as declared by an archive's profiles, and the forms of their values."""

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
    """The form of a facet's versions: their prefix, and the number of their parts."""

    id: str
    prefix: str = ""
    parts: int = 2

    def normal(self, value: str) -> str:
        """Return versions or a range in the form of the index: v4.15 for 4.15, 4.15.3 and 4.15-rc3."""
        value = CANDIDATE.sub("", self.bare.sub(rf"\g<before>{self.prefix}", value.lower()))
        return self.smaller.sub(r"\g<version>", value)

    @cached_property
    def bare(self) -> re.Pattern[str]:
        """The pattern of a version at the start of a text, with or without its prefix."""
        return re.compile(BARE.format(prefix=re.escape(self.prefix)))

    @cached_property
    def smaller(self) -> re.Pattern[str]:
        """The pattern of a version with more parts than count."""
        version = r"\.".join([r"\d{1,9}"] * self.parts)
        return re.compile(rf"(?<![\d.])(?P<version>{re.escape(self.prefix)}{version})(?:\.\d{{1,9}})+(?!\d)")


@dataclass(frozen=True)
class Fields:
    """The fields of an archive: common fields, its version facets, and those of patches if issues list patches."""

    versions: tuple[VersionForm, ...] = ()
    patches: bool = False

    @cached_property
    def version_ids(self) -> tuple[str, ...]:
        """The ids of the version facets."""
        return tuple(each.id for each in self.versions)

    @cached_property
    def filters(self) -> tuple[str, ...]:
        """The filters, by their names in queries, URLs and pages."""
        of_versions = (*self.version_ids, HOW) if self.versions else ()
        return (*of_versions, *BEFORE_PATCHES, *(OF_PATCHES if self.patches else ()), "newsletter")

    @cached_property
    def names(self) -> tuple[str, ...]:
        """All fields that a query can name."""
        return (*self.filters, "id", *(("series",) if self.patches else ()), *DATED)

    @cached_property
    def sorts(self) -> tuple[str, ...]:
        """The sort orders of hits."""
        return ("relevance", "newest", "oldest", *self.version_ids)

    def normal(self, name: str, value: str) -> str:
        """Return a filter's value in the form of the index: v4.15 for 4.15, lower case except for names."""
        value = value.strip()
        form = next((each for each in self.versions if each.id == name), None)
        if form:
            return form.normal(value)
        return value if name in AS_WRITTEN else value.casefold()


PLAIN = Fields()  # of an archive whose profiles declare no fields


def day_of(value: str) -> date | None:
    """Return the day of a date, the first day for a month or year; None if it is not a date."""
    parts = (value + "-01-01").split("-")[:3] if value.count("-") < 2 else value.split("-")
    try:
        year, month, day = (int(part) for part in parts)
        return date(year, month, day)
    except (ValueError, OverflowError):
        return None
