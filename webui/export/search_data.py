"""What the search of an exported site knows of each entry: one JSON file that a script reads whole."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from typing import Any

from indexer.catalog.facets import PAIRED, PAIRS, Facet, offered
from indexer.search.page import Searcher
from indexer.search.people import spellings
from indexer.storage.index import Index
from indexer.views.identifier_lookup import Names
from webui.export.paths import place
from webui.pages.rendering import after, entry_path

FORMAT = 2


def entries_file(searcher: Searcher) -> dict[str, Any]:
    """Return the entries in reading order, their issues, the facets with their labels, other spellings of people."""
    index = searcher.index
    facets = offered(index.said)
    return {
        "format": FORMAT,
        "facets": [
            {"name": f.name, "label": f.label, "many": f.many, "order": f.order, "labels": searcher.labels[f.name]}
            for f in facets
        ],
        "spellings": index.once(spellings).others,
        "issues": {key: {"title": issue.title, "date": issue.date[:10]} for key, issue in index.issues.items()},
        "entries": [entry(index, doc, facets) for doc in range(index.size)],
    }


def entry(index: Index, doc: int, facets: Iterable[Facet]) -> dict[str, Any]:
    """Return what is searched and shown of an entry.

    `kernel` holds pairs of a version and how it is known, `written` the author where that is no name of a person.
    Texts are composed (NFC), so that the script can fold them letter by letter.
    """
    record = index.stored(doc)
    made: dict[str, Any] = {
        "id": record["id"],
        "path": place(entry_path(record["id"])),
        "title": composed(record["title"]),
        "body": composed(after(record["title"], record["body"])),
        "names": list(dict.fromkeys(names(index, doc, record))),
    }
    held = {facet.name: index.values(facet.field).of(doc) for facet in facets if facet.name not in PAIRED}
    held["written"] = index.values("written").of(doc)
    pairs = [pair.split("/") for pair in index.values(PAIRS).of(doc)]
    return made | {name: values for name, values in held.items() if values} | ({"kernel": pairs} if pairs else {})


def names(index: Index, doc: int, record: dict[str, Any]) -> Iterator[str]:
    """Yield the names of an entry: as it writes them, and as the kernel has them."""
    yield from record["identifiers"]
    for name in record["names"]:
        yield from (name["written"], name["canonical"])
    yield from index.once(Names).of(doc)


def composed(text: str) -> str:
    return unicodedata.normalize("NFC", text)
