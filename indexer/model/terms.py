"""Words and numbers that many packages use: sizes of sources, editions, and terms of the index about an entry."""

from __future__ import annotations

from typing import Literal

LARGEST = 2_000_000  # maximum size of a source in bytes; the longest known issue has 270,000
LARGEST_OF_SEVERAL = 30_000_000  # the same for a feed or mailbox, which is split into issues
Edition = Literal["retold", "original"]
How = Literal["stated", "landed", "merged", "issue"]
HOWS: tuple[How, ...] = ("stated", "landed", "merged", "issue")
OUTCOMES = ("merged", "superseded", "not merged", "unknown")
REVERTED = "reverted"  # what the filter also finds a merged patch by
BY_HAND = "corrected"  # the grade of an outcome that a person corrected
OF_SERIES = "of the series"  # the grade of an outcome that is known from the series of a patch alone


def pairs_of(facet: str) -> str:
    """Return the index field for the versions of a facet with how each is known: "v4.15/landed"."""
    return f"{facet}/how"


def posting_of(series: str, version: int) -> str:
    """Return the value of the index field for the versions of series. `version_posted` is the inverse."""
    return f"{series}/v{version}"


def merge_of(posting: str, release: str) -> str:
    """Return the value of the index field for the merged versions of series. `version_merged` is the inverse."""
    return f"{posting}@{release}"


def version_merged(merge: str) -> tuple[str, int, str]:
    """Return the series, the version and the release of a merged patch."""
    posting, _, release = merge.rpartition("@")
    return (*version_posted(posting), release)


def version_posted(posting: str) -> tuple[str, int]:
    """Return the series and the version of a posting."""
    series, _, version = posting.rpartition("/v")
    return series, int(version)
