"""Which fields the index has: those that words are searched in, and those that filter."""

from __future__ import annotations

import re
from typing import Any

from whoosh.fields import ID, KEYWORD, STORED, TEXT, Schema

from indexer.enriching.addresses import same_page
from indexer.index.analysis import Words, name_terms, part_terms, terms
from indexer.model import Entry

COMMIT = re.compile(r"[?&]id=(?P<commit>[0-9a-f]{12})")
FORMAT = 6
TEXT_FIELDS = ("title", "body", "author", "section", "link")
# Of the cover of a series, the subjects of its patches: they count for it, but it does not say them itself.
INSIDE = "inside"
NAME_FIELDS = ("names", "parts")
SEARCHED = (*TEXT_FIELDS, *NAME_FIELDS, INSIDE)
# The fields that filter hold one term a value, as it is shown; "kernel" holds "v4.15/landed".
FILTERED = ("kernel", "topic", "kind", "issue", "person", "tree", "newsletter", "series", "lead")


def schema() -> Schema:
    """Return the schema; a change to it wants a new FORMAT."""
    fields: dict[str, Any] = {"id": ID(stored=False, unique=True), "entry": STORED()}
    fields |= {name: TEXT(analyzer=Words(), phrase=True) for name in (*TEXT_FIELDS, INSIDE)}
    fields |= {name: KEYWORD(scorable=True, lowercase=False) for name in NAME_FIELDS}
    fields |= {name: KEYWORD(scorable=False) for name in (*FILTERED, "page")}
    return Schema(**fields)


def to_document(entry: Entry, stored: str, inside: str = "") -> dict[str, Any]:
    """Return what Whoosh indexes of an entry; `stored` is its record as JSON, `inside` the subjects below it."""
    names = list(dict.fromkeys((*entry.identifiers, *(name.canonical for name in entry.names))))
    in_text = {t.text for t in terms(f"{entry.title}\n{entry.body}") if "_" in t.text}
    wholes = [term for name in names for term in name_terms(name)]
    others = [word for word in sorted(in_text) if word not in wholes]
    kernels = [f"{k.version}/{k.how}" for k in entry.kernel]
    return {
        "id": entry.id,
        "entry": stored,
        "title": entry.title,
        "body": entry.body,
        "author": entry.author or "",
        "section": " ".join(entry.section),
        INSIDE: inside,
        "link": " ".join(link.url for link in entry.links),
        "names": wholes + others + commits_of(entry),
        "parts": [term for name in (*names, *others) for term in part_terms(name)],
        "kernel": list(dict.fromkeys(kernels)),
        "topic": list(entry.topics),
        "kind": [entry.kind],
        "issue": [f"{entry.newsletter}/{entry.issue}"],
        "person": [entry.author] if entry.author else [],
        "tree": [entry.tree] if entry.tree else [],
        "newsletter": [entry.newsletter],
        "series": [entry.series] if entry.series else [],
        "page": [same_page(entry.url)] if entry.url else [],
        "lead": [] if entry.parent else ["yes"],
    }


def commits_of(entry: Entry) -> list[str]:
    """Return the commits that stand behind the versions of an entry, so that it is found by them."""
    found = (COMMIT.search(version.url) for version in entry.kernel)
    return [match["commit"] for match in found if match]
