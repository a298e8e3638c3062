"""What the search of an exported site knows of each entry: one JSON file that a script reads whole."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from typing import Any

from indexer.catalog.about import About
from indexer.catalog.facets import Facet
from indexer.catalog.protocol import Catalog
from indexer.model import Entry
from indexer.query.fields import HOW
from indexer.views.briefs import issue_key
from indexer.views.identifier_lookup import names
from indexer.views.people import spellings
from webui.export.paths import place
from webui.pages.rendering import after, entry_path

FORMAT = 2


def entries_file(catalog: Catalog) -> dict[str, Any]:
    """Return the entries in reading order, their issues, the facets with their labels, other spellings of people."""
    about = catalog.about
    facets, known = about.offered, about.labels
    return {
        "format": FORMAT,
        "facets": [
            {"name": f.name, "label": f.label, "many": f.many, "order": f.order, "labels": known[f.name]}
            | prefix(about, f)
            for f in facets
        ],
        "spellings": spellings(catalog).others,
        "issues": {key: {"title": issue.title, "date": issue.date[:10]} for key, issue in about.issues.items()},
        "entries": [entry_record(catalog, each, facets) for each in catalog.find()],
    }


def prefix(about: About, facet: Facet) -> dict[str, str]:
    """Return what the versions of a facet begin with."""
    versions = about.versions.get(facet.name)
    return {"prefix": versions.prefix} if versions else {}


def entry_record(catalog: Catalog, entry: Entry, facets: Iterable[Facet]) -> dict[str, Any]:
    """Return what is searched and shown of an entry.

    The key of a version facet holds pairs of a version and how it is known. `written` is the author if it is no
    person's name.
    Texts are composed (NFC), so that the script can fold them letter by letter.
    """
    made: dict[str, Any] = {
        "id": entry.id,
        "path": place(entry_path(entry.id)),
        "title": composed(entry.title),
        "body": composed(after(entry.title, entry.body)),
        "names": list(dict.fromkeys(all_names(catalog, entry))),
    }
    held = {
        facet.name: sorted(set(values_of(entry, facet.name)))
        for facet in facets
        if facet.order != "version" and facet.name != HOW
    }
    held["written"] = [entry.author] if entry.author and entry.people != (entry.author,) else []
    pairs = [list(pair) for pair in sorted({(each.version, each.how) for each in entry.versions})]
    return made | {name: values for name, values in held.items() if values} | ({entry.facet: pairs} if pairs else {})


def all_names(catalog: Catalog, entry: Entry) -> Iterator[str]:
    """Yield the names of an entry: as it writes them, and as the tables of facts have them."""
    yield from entry.identifiers
    for name in entry.names:
        yield from (name.written, name.canonical)
    yield from names(catalog).of(entry)


def values_of(entry: Entry, facet: str) -> tuple[str, ...]:
    """Return the values that an entry has of a facet."""
    of_facet: dict[str, tuple[str | None, ...]] = {
        "topic": entry.topics,
        "kind": (entry.kind,),
        "issue": (issue_key(entry),),
        "section": entry.section,
        "author": entry.people,
        "tree": (entry.tree,),
        "outcome": (entry.outcome.outcome if entry.outcome else None,),
        "newsletter": (entry.newsletter,),
    }
    return tuple(filter(None, of_facet[facet]))


def composed(text: str) -> str:
    return unicodedata.normalize("NFC", text)
