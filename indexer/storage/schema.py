"""Which fields the index has: those that words are searched in, those that filter, and the record of an entry."""

from __future__ import annotations

import re
from array import array
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from whoosh.columns import VarBytesColumn
from whoosh.fields import COLUMN, FieldType, Schema
from whoosh.formats import Existence, Positions

from indexer.analysis import joined_terms, name_terms, part_terms, places
from indexer.annotating.addresses import same_page
from indexer.model import Entry

COMMIT = re.compile(r"[?&]id=(?P<commit>[0-9a-f]{12})")
FORMAT = 13
TEXT_FIELDS = ("title", "body", "author", "section", "link")
# Of the cover of a series, the subjects of its patches: they count for it, but it does not say them itself.
INSIDE = "inside"
NAME_FIELDS = ("names", "parts", "joined")
SEARCHED = (*TEXT_FIELDS, *NAME_FIELDS, INSIDE)
# The fields that filter hold one term a value, as it is shown; "kernel" holds "v4.15/landed".
FILTERED = ("kernel", "version", "how", "topic", "kind", "issue", "person", "tree", "newsletter", "lead", "identifier")
# "written" holds the author as written, where that is not the name of one of the people as "person" holds it.
EXACT = (*FILTERED, "id", "series", "page", "linked", "written")
RECORD = "record"

Item = tuple[bytes, int, float, bytes]


class Places(Positions):  # type: ignore[misc]
    """Positions of a term in a document as machine integers, so that a block of documents is read at once.

    Whoosh's own format pickles each document's. The index is made and read on one machine, in its byte order.
    """

    def encode(self, poslist: list[int]) -> bytes:
        return array("I", poslist).tobytes()

    def decode_positions(self, valuestring: bytes) -> list[int]:
        return array("I", valuestring).tolist()

    def decode_frequency(self, valuestring: bytes) -> int:
        return len(valuestring) // array("I").itemsize


class Text(FieldType):  # type: ignore[misc]
    """A text: its terms by our analysis, with their positions."""

    def __init__(self) -> None:
        super().__init__(Places(), analyzer=None, scorable=True)

    def index(self, value: Mapping[str, list[int]], **_: Any) -> Iterator[Item]:
        """Yield each term with its frequency, its weight, and its positions."""
        for term, held in value.items():
            yield in_bytes(term), len(held), float(len(held)), self.format.encode(held)


class Terms(FieldType):  # type: ignore[misc]
    """Terms that are given as they are: names, parts of names, values that filter."""

    def __init__(self, *, scorable: bool) -> None:
        super().__init__(Existence(), analyzer=None, scorable=scorable)

    def index(self, value: Iterable[str], **_: Any) -> Iterator[Item]:
        """Yield each term with its frequency and its weight."""
        for term, held in Counter(value).items():
            yield in_bytes(term), held, float(held), b""


def in_bytes(term: str) -> bytes:
    """Return a term as the index keeps it; half a surrogate pair, which no text has, becomes a question mark."""
    return term.encode("utf-8", "replace")


def schema() -> Schema:
    """Return the schema; a change to it wants a new FORMAT."""
    fields: dict[str, Any] = {RECORD: COLUMN(VarBytesColumn())}
    fields |= {name: Text() for name in (*TEXT_FIELDS, INSIDE)}
    fields |= {name: Terms(scorable=True) for name in NAME_FIELDS}
    fields |= {name: Terms(scorable=False) for name in EXACT}
    return Schema(**fields)


def to_document(entry: Entry, record: bytes, inside: str = "") -> dict[str, Any]:
    """Return what Whoosh indexes of an entry; `record` is what is kept of it, `inside` the subjects below it."""
    texts = {
        "title": places(entry.title),
        "body": places(entry.body),
        "author": places(" ".join((entry.author or "", *entry.otherwise))),
        "section": places(" ".join(entry.section)),
        "link": places(" ".join(link.url for link in entry.links)),
        INSIDE: places(inside),
    }
    names = list(dict.fromkeys((*entry.identifiers, *(name.canonical for name in entry.names))))
    wholes = [term for name in names for term in name_terms(name)]
    in_text = {term for term in (*texts["title"], *texts["body"]) if "_" in term}
    others = sorted(in_text.difference(wholes))
    return texts | {
        RECORD: record,
        "id": [entry.id],
        "names": wholes + others + commits_of(entry),
        "parts": [term for name in (*names, *others) for term in part_terms(name)],
        "joined": [term for name in (*names, *others) for term in joined_terms(name)],
        "identifier": entry.identifiers,
        "kernel": {f"{each.version}/{each.how}" for each in entry.kernel},
        "version": {each.version for each in entry.kernel},
        "how": {each.how for each in entry.kernel},
        "topic": entry.topics,
        "kind": [entry.kind],
        "issue": [f"{entry.newsletter}/{entry.issue}"],
        "person": entry.people,
        "written": [entry.author] if entry.author and entry.people != (entry.author,) else [],
        "tree": [entry.tree] if entry.tree else [],
        "newsletter": [entry.newsletter],
        "series": [entry.series] if entry.series else [],
        "page": [same_page(entry.url)] if entry.url else [],
        "linked": pages_of(entry),
        "lead": [] if entry.parent else ["yes"],
    }


def lengths_of(document: Mapping[str, Any]) -> dict[str, int]:
    """Return the number of terms in each field of a document whose length counts."""
    lengths = {name: len(document[name]) for name in NAME_FIELDS}
    return lengths | {name: sum(map(len, document[name].values())) for name in (*TEXT_FIELDS, INSIDE)}


def pages_of(entry: Entry) -> set[str]:
    """Return the pages that an entry links to; none of a patch, which links to itself alone."""
    urls = (*(link.url for link in entry.links), entry.url) if entry.kind != "patch" else ()
    return {same_page(url) for url in urls if url}


def commits_of(entry: Entry) -> list[str]:
    """Return the commits that stand behind the versions of an entry, so that it is found by them."""
    found = (COMMIT.search(version.url) for version in entry.kernel)
    return [match["commit"] for match in found if match]
