"""An index opened for reading, as numpy arrays over its entries in reading order."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from threading import RLock
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

from indexer import model
from indexer.catalog.about import About, IssueAbout
from indexer.errors import IndexMissing, NotFound
from indexer.records import from_stored
from indexer.storage.arrays import Arrays
from indexer.storage.cache import LRU
from indexer.storage.generations import ENTRIES, current, index_folder, pointer, read_about
from indexer.storage.schema import FORMAT, TEXT_FIELDS, is_exact
from indexer.storage.segments import Segments
from indexer.storage.values import Values, read_values
from indexer.storage.vectors import Vectors, open_vectors

Ids = npt.NDArray[np.intp]
Floats = npt.NDArray[np.float32]
Keys = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]
TRIES = 5
MOST_POSTINGS = 1_000_000
MOST_PLACES = 4_000_000
MOST_MASKS = 4_000_000
UNDATED = "1970-01-01"  # sorts the entries of undated issues last
PLACE_BITS = 32  # of a place in an entry
FIELD_BITS = 28  # of a position in a field
DECODED = json.JSONDecoder().raw_decode  # a third faster for a record than json.loads, which looks for an encoding
TEXT_NUMBERS = {field: number for number, field in enumerate(TEXT_FIELDS)}

Made = TypeVar("Made")


@dataclass(frozen=True, slots=True)
class Postings:
    """The documents that contain a term, ascending, and its weight (frequency) in each."""

    ids: Ids
    weights: Floats


class Index:
    """One generation of the index; entries are numbered in reading order. Thread-safe."""

    def __init__(self, folder: Path) -> None:
        """Open a generation. Raises `IndexMissing` if it cannot be read or has another format."""
        self.folder = folder
        self.metadata = read_about(folder, FORMAT)
        self.about = About(self.metadata)
        self._lock = RLock()
        self._making = RLock()
        self._postings: LRU[Postings | None] = LRU(MOST_POSTINGS, lambda held: len(held.ids) if held else 0)
        self._places: LRU[Keys] = LRU(MOST_PLACES, len)
        self._masks: LRU[Mask] = LRU(MOST_MASKS, len)
        self._values: dict[str, Values] = {}
        self._lengths: dict[str, tuple[Floats, float]] = {}
        self._made: dict[Callable[[Index], Any], Any] = {}
        try:
            entries = Arrays(folder / ENTRIES)
            self._of_byte: Floats = entries["lengths"]  # the length that each byte encodes
            self.size: int = entries.about["size"]
            # The document number of each entry in the segments, or None if they are equal.
            self._order: Ids | None = None if entries.about["ordered"] else entries["order"].astype(np.intp)
            self._segments = Segments(folder, entries.about["segments"], self._order)
        except (OSError, ValueError, KeyError) as error:
            raise IndexMissing(f"{folder}: The index cannot be read ({error}). Run backissue index.") from error
        self._place = None if self._order is None else places_in(self._order, self._segments.size)

    def postings(self, field: str, term: str) -> Postings | None:
        """Return the postings of a term, or None. Recently used postings are cached."""
        return self._postings.get((field, term), lambda: self.decoded(field, term))

    def decoded(self, field: str, term: str) -> Postings | None:
        """Return the postings of a term without caching them, for callers that cache results themselves."""
        found = self._segments.postings(field, term)
        if found is None:
            return None
        ids, weights = found
        if self._place is not None:
            ids = self._place[ids]
            order = np.argsort(ids)[np.count_nonzero(ids < 0) :]
            ids, weights = ids[order], weights[order]
        return Postings(ids.astype(np.intp, copy=False), weights) if len(ids) else None

    def counts_of(self, term: str) -> Mapping[str, int]:
        """Return the number of entries with a term for each searched field that has it."""
        return self._segments.counts_of(term)

    def places(self, terms: tuple[str, ...]) -> Keys:
        """Return the positions of any of the terms in the texts, as ascending keys; adjacent words have adjacent keys.

        A key is entry << 32 | field << 28 | position. Recently used keys are cached.
        """
        return self._places.get(terms, lambda: self._decode_places(terms))

    def _decode_places(self, terms: tuple[str, ...]) -> Keys:
        held = []
        for term in terms:
            for field in self.counts_of(term):
                if (number := TEXT_NUMBERS.get(field)) is None:
                    continue
                docs, places = self._segments.positions(field, term)
                docs = docs if self._place is None else self._place[docs]
                keys = docs << PLACE_BITS | number << FIELD_BITS | places
                held.append(keys if self._place is None else keys[docs >= 0])
        if len(held) == 1 and self._place is None:
            return distinct(held[0])
        return distinct(np.sort(np.concatenate([np.empty(0, np.int64), *held])))

    def lengths(self, field: str) -> tuple[Floats, float]:
        """Return the length of a field in each entry, in terms and rounded as in Whoosh, and the mean."""
        with self._lock:
            if field not in self._lengths:
                held = self._segments.lengths(field)
                lengths = self._of_byte[held if self._order is None else held[self._order]]
                self._lengths[field] = lengths, float(lengths.sum(dtype=np.float64)) / max(1, self.size)
            return self._lengths[field]

    def vocabulary(self, field: str) -> Sequence[str]:
        """Return the terms of a field, sorted."""
        return self._segments.vocabulary(field)

    def with_prefix(self, field: str, prefix: str, most: int) -> list[str]:
        """Return up to `most` terms of a field that begin with a prefix."""
        return self._segments.with_prefix(field, prefix, most)

    def counted(self, field: str, prefix: str, most: int) -> list[tuple[str, int]]:
        """Return up to `most` terms of a searched field with a prefix, each with the number of entries that have it."""
        return self._segments.counted(field, prefix, most)

    def containing(self, field: str, part: str) -> set[str]:
        """Return the terms of a field that contain a text, including terms of deleted entries."""
        return self._segments.containing(field, part)

    def beginning(self, field: str, prefix: str, most: int) -> tuple[list[str], Ids, bool]:
        """Return up to `most` terms of a field with a prefix, the entries with any of them, and if there are more."""
        terms, docs, more = self._segments.beginning(field, prefix, most)
        mask = np.zeros(self._segments.size, dtype=bool)
        mask[docs] = True
        return terms, np.flatnonzero(mask if self._order is None else mask[self._order]), more

    def alike(self, word: str, edits: int) -> list[str]:
        """Return candidate words and names within an edit distance of a word, sorted."""
        return self._segments.alike(word, edits)

    def marked(self, field: str, terms: Iterable[str]) -> Mask:
        """Return the mask of entries with any of the terms."""
        mask = np.zeros(self.size, dtype=bool)
        for term in terms:
            if found := self.postings(field, term):
                mask[found.ids] = True
        return mask

    def having_any(self, field: str, values: tuple[str, ...]) -> Mask:
        """Return the mask of entries with any of the values. Recent masks are cached; do not modify them."""
        return self._masks.get((field, values), lambda: self._having_any(field, values))

    def _having_any(self, field: str, values: tuple[str, ...]) -> Mask:
        mask = self.marked(field, values)
        mask.flags.writeable = False
        return mask

    def values(self, field: str) -> Values:
        """Return the values of a filter field."""
        if found := self._values.get(field):
            return found
        with self._lock:
            if field not in self._values:
                assert is_exact(field), field
                self._values[field] = read_values(self._segments, field, self._order)
            return self._values[field]

    def first_with(self, field: str, other: str) -> Iterator[tuple[str, list[str]]]:
        """Yield each value of a field, with the values of another field in the first entry that has it."""
        values = self.values(field)
        first = dict(zip(values.ids[::-1].tolist(), values.docs[::-1].tolist(), strict=True))
        for number, doc in sorted(first.items()):
            yield values.names[number], self.values(other).of(doc)

    def similarity(self, text: str) -> Floats | None:
        """Return how similar in meaning each entry is to a text; None without the extra `semantic`."""
        found = self._vectors.similarity(text) if self._vectors else None
        return found if found is None or self._order is None else found[self._order]

    @property
    def has_vectors(self) -> bool:
        """Whether the index has vectors of the extra `semantic`, and the extra is in use."""
        return self._vectors is not None

    @cached_property
    def _vectors(self) -> Vectors | None:
        return open_vectors(self.folder, self._segments.ids)

    @property
    def issues(self) -> Mapping[str, IssueAbout]:
        """The issues by newsletter/label, in reading order."""
        return self.about.issues

    @cached_property
    def days(self) -> npt.NDArray[np.int64]:
        """The issue day of each entry, in days since 1970; 0 for undated issues."""
        issues = list(self.issues.values())
        day = np.array([issue.date[:10] or UNDATED for issue in issues], dtype="datetime64[D]").astype(np.int64)
        return np.repeat(day, [issue.entries for issue in issues])

    @cached_property
    def all(self) -> Ids:
        """All entries."""
        return np.arange(self.size, dtype=np.intp)

    @cached_property
    def newest_first(self) -> Ids:
        """The entries, the newest issue first, each issue in reading order."""
        return np.argsort(-self.days, kind="stable")

    @cached_property
    def recency(self) -> Ids:
        """The rank of each entry in `newest_first`, which breaks ties."""
        return inverse(self.newest_first)

    def stored(self, doc: int) -> dict[str, Any]:
        """Return the record of an entry, with its edition as `source`."""
        record: dict[str, Any] = DECODED(self._segments.record(self._document(doc)).decode())[0]
        return record

    def heading(self, doc: int) -> tuple[str, str]:
        """Return the id and the title of an entry, which takes a tenth of the time of reading its record."""
        return self._segments.heading(self._document(doc))

    def _document(self, doc: int) -> int:
        """Return the number of an entry in the segments."""
        return doc if self._order is None else int(self._order[doc])

    def entry(self, entry_id: str) -> tuple[model.Entry, str]:
        """Return the entry with an id (following redirects) and its edition. Raises `NotFound`."""
        entry_id = self.metadata["redirects"].get(entry_id, entry_id)
        found = self.postings("id", entry_id)
        if found is None:
            raise NotFound(f"There is no entry {entry_id!r}.")
        record = self.stored(int(found.ids[0]))
        return from_stored(record), str(record["source"])

    def entries_of(self, issue: str) -> tuple[model.Entry, ...]:
        """Return the entries of an issue (newsletter/label), in reading order."""
        found = self.postings("issue", issue)
        return tuple(from_stored(self.stored(doc)) for doc in found.ids.tolist()) if found else ()

    def once(self, make: Callable[[Index], Made]) -> Made:
        """Return `make(index)`, computed once and cached as long as the index is open."""
        # Not under the lock of the segments: `make` may need postings, and decoding them takes that lock.
        with self._making:
            if make not in self._made:
                self._made[make] = make(self)
            made: Made = self._made[make]
            return made

    def forget(self) -> None:
        """Drop the postings, positions and masks that were read."""
        for cache in (self._postings, self._places, self._masks):
            cache.clear()

    def close(self) -> None:
        """Do nothing: the files are closed with the last reference to their arrays."""


def distinct(ascending: Keys) -> Ids:
    """Return the distinct numbers of an ascending array; unlike np.unique, this does not load masked arrays."""
    if len(ascending) > 1:
        first = np.ones(len(ascending), dtype=bool)
        np.not_equal(ascending[1:], ascending[:-1], out=first[1:])
        ascending = ascending[first]
    return ascending.astype(np.intp, copy=False)


def places_in(order: Ids, size: int) -> Ids:
    """Return the rank of each document in an order, or -1."""
    places = np.full(size, -1, dtype=np.intp)
    places[order] = np.arange(len(order))
    return places


def inverse(order: Ids) -> Ids:
    """Return the inverse of a permutation."""
    places = np.empty_like(order)
    places[order] = np.arange(len(order))
    return places


def open_index(data: Path) -> Index:
    """Open the current generation of the index in a data folder. Raises `IndexMissing` if there is none.

    If a new generation is published at the same moment, that one is opened.
    """
    for _ in range(TRIES):
        seen = pointer(index_folder(data))
        try:
            return Index(current(data))
        except IndexMissing:
            if pointer(index_folder(data)) == seen:
                raise
    return Index(current(data))
