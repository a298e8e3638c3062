"""Write the entries of issues to a generation in a cluster, and their terms to its index of terms."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from indexer.analysis import analysed
from indexer.build.fingerprint import Row, row_key
from indexer.build.gathering import NAMED
from indexer.build.writer import record_of, subjects_below
from indexer.engines.opensearch import ready
from indexer.engines.opensearch.bulk import Bulk
from indexer.engines.opensearch.catalog import ClusterCatalog
from indexer.engines.opensearch.index import word_id
from indexer.engines.opensearch.mapping import Position, day, document
from indexer.engines.opensearch.requests import AT_ONCE, batches
from indexer.languages import language_in
from indexer.model import Entry
from indexer.query.tree import Match
from indexer.sources.archive import Archive
from indexer.storage.documents import to_document
from indexer.storage.schema import ANALYSED, NAME_FIELDS, Document

LONGEST_ID = 500  # bytes of an id in the cluster; longer ones become digests


class ClusterWriter:
    """Writes entries to a generation: all to a new one, or changed ones to the current one.

    `places` are the ranks of the issues. `before` is the catalog of the current generation, if that is changed.
    """

    def __init__(
        self, bulk: Bulk, entries: str, places: Mapping[str, float], before: ClusterCatalog | None, archive: Archive
    ) -> None:
        self.archive = archive
        self.bulk = bulk
        self.entries = entries
        self.places = places
        self.before = before
        self.terms: dict[str, dict[str, int]] = {}
        self.removed: dict[str, str] = {}  # removed entries by their ids in the cluster

    def add(self, entries: Iterable[Entry], row: Row) -> None:
        """Add the entries of an issue; `row` is the issue's metadata."""
        entries = tuple(entries)
        inside = subjects_below(entries)
        kinds = self.archive.profile_of(row["newsletter"]).kinds
        language = language_in(self.archive.newsletter(row["newsletter"]).language)
        when, where = day(row["date"]), self.places[row_key(row)]
        for n, entry in enumerate(entries):
            made = to_document(entry, b"", inside.get(entry.id, ""), language)
            record = json.loads(record_of(entry, row["edition"]))
            key = entry_key(entry.id)
            self.removed.pop(key, None)
            self.bulk.put(self.entries, key, document(entry, made, record, Position(when, where, n), kinds))
            self.note(made)

    def note(self, made: Document) -> None:
        """Count the terms of an entry."""
        by_field: dict[str, set[str]] = {}
        for field in ANALYSED:
            by_field[field] = {form for token in set(made[field]) for _, form in analysed(token).forms}
        for field in NAME_FIELDS:
            by_field[field] = {term for name in made[field] for term in NAMED[field](name)}
        for field, terms in by_field.items():
            for term in terms:
                counts = self.terms.setdefault(term, {})
                counts[field] = counts.get(field, 0) + 1

    def replace(self, entries: Sequence[Entry], changed: Collection[str], row: Row) -> None:
        """Replace the entries of an issue. All are sent again, because each is sent with its rank and its terms."""
        self.remove(row_key(row))
        self.add(entries, row)

    def remove(self, issue: str) -> None:
        """Remove the previous entries of an issue (newsletter/label), except those that are added again."""
        assert self.before
        for entry in self.before.find(Match("issue", issue)):
            self.removed[entry_key(entry.id)] = entry.id

    def write_terms(self, words: str) -> int:
        """Write the counted terms. Return the number of new term documents."""
        for term, counts in self.terms.items():
            self.bulk.put(words, word_id(term), word(term, counts, counts))
        return len(self.terms)

    def add_terms(self, words: str) -> None:
        """Add the counted terms to the existing ones. Stored numbers of entries are no longer used after that."""
        assert self.before
        ids = {word_id(term): term for term in self.terms}
        for some in batches(list(ids), AT_ONCE):
            known = {word_id(each["held"]["whole"]): each for each in self.before.requests.term_documents(some)}
            for key in some:
                fields = self.terms[ids[key]].keys()
                had = known[key]["fields"] if key in known else []
                if not fields <= set(had):
                    self.bulk.put(words, key, word(ids[key], sorted({*fields, *had}), {}))

    def finish(self) -> None:
        """Remove old entries, and wait until everything is written."""
        for key in self.removed:
            self.bulk.delete(self.entries, key)
        self.bulk.finish()


def word(term: str, fields: Iterable[str], entries: Mapping[str, int]) -> dict[str, Any]:
    """Return the document of a term: its fields, and the number of entries in each."""
    return {"term": ready.term(term), "fields": list(fields), "held": {"whole": term, "entries": dict(entries)}}


def entry_key(entry_id: str) -> str:
    """Return the id of an entry in the cluster: its own, or a digest if that is too long."""
    raw = entry_id.encode("utf-8", "replace")
    return raw.decode() if 0 < len(raw) <= LONGEST_ID else word_id(entry_id)


def places_of(keys: Sequence[str], known: Mapping[str, float]) -> dict[str, float] | None:
    """Return the rank of each issue, given all in reading order and the known ranks of some.

    New issues get a rank between their neighbours. Returns None if the known ranks are out of order or too close.
    """
    found: dict[str, float] = {}
    last, new = 0.0, list[str]()
    for key in (*keys, None):
        here = known.get(key) if key is not None else last + len(new) + 1
        if key is not None and here is None:
            new.append(key)
            continue
        assert here is not None
        step = (here - last) / (len(new) + 1)
        if here <= last or (new and last + step / 2 <= last):
            return None
        found |= {each: last + step * n for n, each in enumerate(new, 1)}
        if key is not None:
            found[key] = here
        last, new = here, []
    return found
