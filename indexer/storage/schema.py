"""The fields of the index: text fields, filter fields and the record."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from indexer.model import pairs_of

FORMAT = 28
TEXT_FIELDS = ("title", "body", "author", "section", "link")
# The subjects of a cover letter's patches, which count for ranking but are not part of its text.
INSIDE = "inside"
ANALYSED = (*TEXT_FIELDS, INSIDE)  # fields with positions
NAME_FIELDS = ("names", "parts", "joined")
SEARCHED = (*TEXT_FIELDS, *NAME_FIELDS, INSIDE)
# The fields of filters. Each value is one term, spelled as it is shown.
FILTERED = (
    "how",
    "topic",
    "kind",
    "heading",
    "issue",
    "person",
    "tree",
    "outcome",
    "newsletter",
    "lead",
    "identifier",
)
# "posting" is the series of a patch with its version, "merge" the same with the release in which the patch was merged;
# "written" is the author as written, if it is not one of the names in "person"; "introduces" has the names that an
# entry introduces, or the commit that does.
EXACT = (*FILTERED, "id", "series", "posting", "merge", "page", "linked", "written", "introduces")
RECORD = "record"
TITLE = "shown title"  # as it is written, whereas "title" has its words

Document = Mapping[str, Any]


def fields_of(facets: Iterable[str]) -> tuple[str, ...]:
    """Return all fields of an index: each version facet has one of its versions and one of "v4.15/landed"."""
    return (*SEARCHED, *EXACT, *(field for facet in facets for field in (facet, pairs_of(facet))))


def is_exact(field: str) -> bool:
    """Return whether each value of a field is one term."""
    return field not in SEARCHED
