"""Write the search data of an exported site: words with their entries, records, facets and tables, in many files."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from indexer.catalog.about import About
from indexer.catalog.facets import Facet
from indexer.engines.lexicon import correct_words, known_words
from indexer.engines.local import LocalCatalog
from indexer.model import Entry
from indexer.query.fields import HOW
from indexer.views.briefs import issue_key
from indexer.views.people import spellings
from webui.export.folders import Files
from webui.export.parts import Parts, compact, deltas, write_part
from webui.export.paths import Places
from webui.pages.filters import use
from webui.pages.kinds import DRAWINGS, LOOKS, OTHER
from webui.pages.rendering import after, entry_path

Values = dict[str, dict[str, list[int]]]  # ascending entry numbers by facet and value


def write_search_data(catalog: LocalCatalog, places: Places, files: Files) -> None:
    """Write the files of the search: `start`, and those that it lists, which are loaded on demand."""
    firsts, phrasings = words_written(catalog, files)
    values: Values = {facet.name: defaultdict(list) for facet in catalog.about.offered}
    firsts["records"] = records_written(catalog, places, files, values)
    for name, held in values.items():
        if name != HOW:
            rows = [[value, deltas(docs)] for value, docs in sorted(held.items())]
            write_part(files, f"facet-{name}", compact(rows))
    write_part(files, "start", compact(start(catalog) | {"firsts": firsts, "phrasings": phrasings}))


def words_written(catalog: LocalCatalog, files: Files) -> tuple[dict[str, list[object]], list[str]]:
    """Write the words with their positions, and by first letter the words for corrections.

    Return the first word of each file, and the words that have synonyms.
    """
    phrasings = []
    words, positions = Parts(files, "words"), Parts(files, "places")
    spelt: dict[str, list[tuple[str, int]]] = defaultdict(list)
    for each in known_words(catalog):
        stem = "" if each.stem == each.word else each.stem
        words.add(each.word, stem, deltas(each.entries), each.scores, each.marks, each.read)
        if " " in each.word:
            phrasings.append(each.word)
        if each.places:
            positions.add(each.word, deltas(each.places))
        if each.holders:
            spelt[each.word[0]].append((each.word, each.holders))
    words.end()
    positions.end()
    for letter, held in spelt.items():
        write_part(files, f"spelling-{letter}", compact(held))
    write_part(files, "english", compact(correct_words()))
    return {"words": words.firsts, "places": positions.firsts, "spelling": [*sorted(spelt)]}, phrasings


def records_written(catalog: LocalCatalog, places: Places, files: Files, values: Values) -> list[object]:
    """Write the records of entries in reading order, and collect their facet values."""
    records = Parts(files, "records")
    for number, entry in enumerate(catalog.find()):
        for name in values:
            for value in dict.fromkeys(values_of(entry, name)):
                values[name][value].append(number)
        author = "" if not entry.author or entry.people == (entry.author,) else entry.author
        title, body = composed(entry.title), composed(after(entry.title, entry.body))
        path, people = places.led_to(entry_path(entry.id)), author or ", ".join(entry.people)
        records.add(number, path, title, body, entry.kind, people, pairs(entry))
    records.end()
    return records.firsts


def start(catalog: LocalCatalog) -> dict[str, Any]:
    """Return the data that every search needs: facets, issues, stop words, and weights."""
    about, index = catalog.about, catalog.index.metadata
    return {
        "size": about.entries,
        "facets": [facet_about(about, each) for each in sorted(about.offered, key=use)],
        "looks": {kind: (hue, DRAWINGS[drawing]) for kind, (drawing, hue) in (LOOKS | {"": OTHER}).items()},
        "spellings": list(spellings(catalog).others.items()),
        "issues": [[key, each.title, each.date[:10], each.entries] for key, each in about.issues.items()],
        "common": index["common"],
        "question": index["asking"]["question"],
        "products": index["asking"]["products"],
        "reading": about.reading,
        "changes": {name: kind.change for name, kind in about.kinds.items()},
    }


def facet_about(about: About, facet: Facet) -> dict[str, Any]:
    """Return a facet with the labels of its values. `prefix` begins the versions of a version facet."""
    versions = about.versions.get(facet.name)
    return {
        "name": facet.name,
        "label": facet.label,
        "many": facet.many,
        "order": facet.order,
        "labels": list(about.labels[facet.name].items()),
    } | ({"prefix": versions.prefix, "names": versions.names} if versions else {})


def pairs(entry: Entry) -> list[tuple[str, str, str]]:
    """Return the versions of an entry with their facet and evidence."""
    return sorted({(entry.facet, each.version, each.how) for each in entry.versions})


def values_of(entry: Entry, facet: str) -> Iterable[str]:
    """Return an entry's values of a facet, for a version facet as "v4.15/landed"."""
    of_facet: dict[str, tuple[str | None, ...]] = {
        "topic": entry.topics,
        "kind": (entry.kind,),
        "issue": (issue_key(entry),),
        "section": entry.section,
        "author": entry.people,
        "tree": (entry.tree,),
        "outcome": entry.outcome.values if entry.outcome else (),
        "newsletter": (entry.newsletter,),
        HOW: (),
    }
    if facet in of_facet:
        return filter(None, of_facet[facet])
    return (f"{version}/{how}" for name, version, how in pairs(entry) if name == facet)


def composed(text: str) -> str:
    """Return a text in NFC, so that the script can fold it letter by letter."""
    return unicodedata.normalize("NFC", text)
