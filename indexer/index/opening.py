"""An index opened for reading: postings, lengths and filter values of its one segment as numpy arrays."""

from __future__ import annotations

import json
from bisect import bisect_left
from collections import OrderedDict
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from threading import RLock
from typing import Any

import numpy as np
import numpy.typing as npt
from whoosh import index as whoosh_index
from whoosh.codec.whoosh3 import W3LeafMatcher

from indexer.enriching.addresses import same_page
from indexer.errors import IndexMissing, NotFound
from indexer.index.generations import current, index_folder, pointer, read_about
from indexer.index.schema import FILTERED, FORMAT
from indexer.model import Entry
from indexer.records import from_stored

Ids = npt.NDArray[np.int32]
Floats = npt.NDArray[np.float32]
TRIES = 5
MOST_POSTINGS = 4_000_000


@dataclass(frozen=True, slots=True)
class Postings:
    """The documents that hold a term, ascending, and the term's weight (frequency) in each."""

    ids: Ids
    weights: Floats


@dataclass(frozen=True, slots=True)
class Values:
    """The values of a filter field: `names` sorted, and pairs of document and position in `names`, by document."""

    names: tuple[str, ...]
    docs: Ids
    ids: Ids


@dataclass(frozen=True, slots=True)
class IssueAbout:
    """What the index says of an issue."""

    newsletter: str
    number: int
    title: str
    date: str
    url: str | None
    edition: str
    entries: int


class Index:
    """One generation of the index; safe to share between threads."""

    def __init__(self, folder: Path) -> None:
        """Open a generation; raises `IndexMissing` where it cannot be read or has another format."""
        self.folder = folder
        self.about = read_about(folder, FORMAT)
        try:
            self._reader = whoosh_index.open_dir(folder, readonly=True).reader()
        except Exception as error:  # Whoosh raises its own, and whatever a damaged file makes of it
            raise IndexMissing(f"{folder}: the index cannot be read ({error}); run backissue index") from error
        self.size: int = self._reader.doc_count_all()
        self._lock = RLock()
        self._postings: OrderedDict[tuple[str, str], Postings | None] = OrderedDict()
        self._held = 0

    def postings(self, field: str, term: str) -> Postings | None:
        """Return the postings of a term, None where no document holds it; those used last are kept decoded."""
        key = (field, term)
        with self._lock:
            if key in self._postings:
                self._postings.move_to_end(key)
                return self._postings[key]
            found = self._decode(field, term)
            self._postings[key] = found
            self._held += len(found.ids) if found else 1
            while self._held > MOST_POSTINGS and len(self._postings) > 1:
                _, dropped = self._postings.popitem(last=False)
                self._held -= len(dropped.ids) if dropped else 1
            return found

    def _decode(self, field: str, term: str) -> Postings | None:
        try:
            if (field, term) not in self._reader:
                return None
        except UnicodeEncodeError:  # half a surrogate pair, which no text has
            return None
        ids: list[int] = []
        weights: list[float] = []
        matcher = self._reader.postings(field, term)
        if isinstance(matcher, W3LeafMatcher):
            while True:
                matcher._read_ids()  # noqa: SLF001  a block at a time; the public way is a call a posting
                matcher._read_weights()  # noqa: SLF001
                ids += matcher._ids  # noqa: SLF001
                weights += matcher._weights  # noqa: SLF001
                if matcher._lastblock:  # noqa: SLF001
                    break
                matcher._next_block()  # noqa: SLF001
        else:
            while matcher.is_active():
                ids.append(matcher.id())
                weights.append(matcher.weight())
                matcher.next()
        return Postings(np.array(ids, dtype=np.int32), np.array(weights, dtype=np.float32))

    def positions(self, field: str, term: str, docs: Ids) -> npt.NDArray[np.int64]:
        """Return where a term stands in some documents that hold it: sorted keys of document << 32 | position."""
        keys: list[int] = []
        with self._lock:
            matcher = self._reader.postings(field, term)
            for doc in docs.tolist():
                matcher.skip_to(doc)
                keys += [doc << 32 | position for position in matcher.value_as("positions")]
        return np.array(keys, dtype=np.int64)

    @cached_property
    def _field_lengths(self) -> dict[str, tuple[Floats, float]]:
        return {}

    def lengths(self, field: str) -> tuple[Floats, float]:
        """Return the length of a field in each document, in terms as Whoosh rounds them, and their mean."""
        with self._lock:
            if field not in self._field_lengths:
                reader = self._reader
                found = np.array([reader.doc_field_length(i, field) or 0 for i in range(self.size)], dtype=np.float32)
                mean = reader.field_length(field) / max(1, self.size)
                self._field_lengths[field] = (found, mean)
            return self._field_lengths[field]

    def vocabulary(self, field: str) -> list[str]:
        """Return the terms of a field, sorted."""
        with self._lock:
            if field not in self._vocabularies:
                self._vocabularies[field] = [term.decode("utf-8") for term in self._reader.lexicon(field)]
            return self._vocabularies[field]

    @cached_property
    def _vocabularies(self) -> dict[str, list[str]]:
        return {}

    def with_prefix(self, field: str, prefix: str, most: int) -> list[str]:
        """Return the terms of a field that begin with a prefix, `most` of them at the most."""
        terms = self.vocabulary(field)
        start = bisect_left(terms, prefix)
        found = []
        for term in terms[start : start + most]:
            if not term.startswith(prefix):
                break
            found.append(term)
        return found

    @cached_property
    def values(self) -> dict[str, Values]:
        """The values of each filter field."""
        return {field: self._values(field) for field in FILTERED}

    def _values(self, field: str) -> Values:
        names = tuple(self.vocabulary(field))
        held = [self._decode(field, name) for name in names]
        docs = np.concatenate([p.ids for p in held if p]) if names else np.empty(0, np.int32)
        ids = np.repeat(np.arange(len(names), dtype=np.int32), [len(p.ids) for p in held if p])
        order = np.lexsort((ids, docs))
        return Values(names, docs[order].astype(np.int32), ids[order].astype(np.int32))

    @cached_property
    def issues(self) -> dict[str, IssueAbout]:
        """The issues by newsletter/number, in reading order."""
        fields = IssueAbout.__dataclass_fields__
        return {
            f"{row['newsletter']}/{row['number']}": IssueAbout(**{name: row[name] for name in fields})
            for row in self.about["issues"]
        }

    @cached_property
    def days(self) -> npt.NDArray[np.int64]:
        """For each document the day of its issue, in days since 1970."""
        values = self.values["issue"]
        day = [np.datetime64(self.issues[name].date[:10], "D").astype(np.int64) for name in values.names]
        found = np.zeros(self.size, dtype=np.int64)
        found[values.docs] = np.array(day, dtype=np.int64)[values.ids] if day else 0
        return found

    def stored(self, doc: int) -> dict[str, Any]:
        """Return the record of a document's entry, with the edition that it was read from as `source`."""
        with self._lock:
            return dict(json.loads(self._reader.stored_fields(doc)["entry"]))

    def entry(self, entry_id: str) -> tuple[Entry, str]:
        """Return the entry with an id, or with what the id became, and its edition; raises `NotFound`."""
        entry_id = self.about["redirects"].get(entry_id, entry_id)
        found = self.postings("id", entry_id)
        if found is None:
            raise NotFound(f"no entry has the id {entry_id!r}; backissue search finds entries by their words")
        record = self.stored(int(found.ids[0]))
        return from_stored(record), str(record["source"])

    def entry_ids(self, issue: str) -> list[str]:
        """Return the ids of the entries of an issue (newsletter/number), in reading order."""
        found = self.postings("issue", issue)
        return [str(self.stored(doc)["id"]) for doc in found.ids.tolist()] if found else []

    def seen_in(self, url: str) -> list[str]:
        """Return the issues (newsletter/number) with an entry about the same page, in reading order."""
        found = self.postings("page", same_page(url))
        held = {name for doc in found.ids.tolist() for name in self.values_of("issue", doc)} if found else set()
        return [key for key in self.issues if key in held]

    def values_of(self, field: str, doc: int) -> list[str]:
        """Return the values of a filter field that a document has."""
        values = self.values[field]
        start, end = np.searchsorted(values.docs, [doc, doc + 1])
        return [values.names[i] for i in values.ids[start:end].tolist()]

    def counts(self, field: str) -> list[int]:
        """Return how many documents have each value of a filter field."""
        values = self.values[field]
        return [int(n) for n in np.bincount(values.ids, minlength=len(values.names))]

    def close(self) -> None:
        self._reader.close()


def open_index(data: Path) -> Index:
    """Return the current generation of the index in a data folder; raises `IndexMissing` where there is none.

    Where a new generation was swapped in at the very moment, that one is opened.
    """
    for _ in range(TRIES):
        seen = pointer(index_folder(data))
        try:
            return Index(current(data))
        except IndexMissing:
            if pointer(index_folder(data)) == seen:
                raise
    return Index(current(data))
