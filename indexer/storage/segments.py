"""The segments of a generation as one: their documents numbered through, some of them deleted."""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import accumulate, islice
from pathlib import Path

import numpy as np
import numpy.typing as npt

from indexer.storage.arrays import Array
from indexer.storage.names import in_bytes
from indexer.storage.segment import Segment
from indexer.storage.spelling import SPELT_FIELDS, alike

Numbers = npt.NDArray[np.int64]
Weights = npt.NDArray[np.float32]


class Segments:
    """The segments with some names; `order` holds the documents that are not deleted, None for all of them."""

    def __init__(self, folder: Path, names: Sequence[str], order: Array | None) -> None:
        self.each = [Segment(folder, name) for name in names]
        self.bases = [0, *accumulate(segment.size for segment in self.each)]
        self.size = self.bases[-1]
        self._order = order

    @cached_property
    def deleted(self) -> npt.NDArray[np.bool_] | None:
        """Which documents are deleted, None where none are."""
        if self._order is None or len(self._order) == self.size:
            return None
        deleted = np.ones(self.size, dtype=bool)
        deleted[self._order] = False
        return deleted

    def postings(self, field: str, term: str) -> tuple[Numbers, Weights] | None:
        """Return the documents that hold a term and the frequency in each; None where none ever did."""
        found = [(s.docs(field, n) + np.int64(base), s.frequencies(field, n)) for s, base, n in self._with(field, term)]
        if len(found) == 1:
            return found[0]
        return (np.concatenate([ids for ids, _ in found]), np.concatenate([w for _, w in found])) if found else None

    def positions(self, field: str, term: str) -> tuple[Numbers, Numbers]:
        """Return where a term stands: documents, repeated for each place in one, and the places, both ascending."""
        docs, held = [np.empty(0, np.int64)], [np.empty(0, np.int64)]
        for segment, base, number in self._with(field, term):
            found, places = segment.positions(field, number)
            docs.append(found + np.int64(base))
            held.append(places.astype(np.int64))
        return np.concatenate(docs), np.concatenate(held)

    def _with(self, field: str, term: str) -> Iterator[tuple[Segment, int, int]]:
        """Yield each segment that has a term, the number of its first document, and the number of the term in it."""
        wanted = in_bytes(term)
        for segment, base in zip(self.each, self.bases, strict=False):
            number = segment.names(field).find(wanted)
            if number is not None:
                yield segment, base, number

    def vocabulary(self, field: str) -> Sequence[str]:
        """Return the terms of a field that a document which was not deleted holds, sorted."""
        if len(self.each) == 1 and self.deleted is None:
            return self.each[0].names(field)
        return list(self._distinct(field, [(0, len(segment.names(field))) for segment in self.each]))

    def with_prefix(self, field: str, prefix: str, most: int) -> list[str]:
        """Return the first terms of a field that begin with a prefix."""
        wanted = in_bytes(prefix)
        return list(islice(self._distinct(field, [s.names(field).with_prefix(wanted) for s in self.each]), most))

    def containing(self, field: str, part: str) -> set[str]:
        """Return the terms of a field that contain a text, also those that only deleted documents hold."""
        wanted = in_bytes(part)
        names = (segment.names(field) for segment in self.each)
        return {held[number] for held in names for number in held.containing(wanted)}

    def between(self, field: str, first: str, last: str) -> Numbers:
        """Return the documents that hold any of the terms from one to another, in no order, some more than once."""
        found = [np.empty(0, np.int64)]
        for segment, base in zip(self.each, self.bases, strict=False):
            names = segment.names(field)
            start, end = names.place(in_bytes(first)), names.place(in_bytes(last) + b"\0")
            found.append(segment.docs(field, start, end) + np.int64(base))
        return np.concatenate(found)

    def _distinct(self, field: str, ranges: Sequence[tuple[int, int]]) -> Iterator[str]:
        """Yield once each of some ranges of terms, sorted, without those of deleted documents alone."""
        last = None
        for term in heapq.merge(*(self._left(i, field, *each) for i, each in enumerate(ranges))):
            if term != last:
                last = term
                yield term.decode()

    def _left(self, place: int, field: str, start: int, end: int) -> Iterator[bytes]:
        """Yield those of a range of a segment's terms that a document which is left holds."""
        segment = self.each[place]
        gone = None if self.deleted is None else self.deleted[self.bases[place] : self.bases[place + 1]]
        names = segment.names(field)
        for number in range(start, end):
            if gone is None or not gone[segment.docs(field, number)].all():
                yield names.bytes_at(number)

    def alike(self, word: str, edits: int) -> list[str]:
        """Return the words and names that may be within some edits of a word, sorted."""
        found = {each for segment in self.each for each in alike(segment, word, edits)}
        return sorted(each for each in found if self.deleted is None or self._is_left(each, self.deleted))

    def _is_left(self, word: str, deleted: npt.NDArray[np.bool_]) -> bool:
        """Return whether a document that is not deleted has a word in a field that misspelt ones are compared with."""
        held = (self.postings(field, word) for field in SPELT_FIELDS)
        return any(found and not deleted[found[0]].all() for found in held)

    def lengths(self, field: str) -> Array:
        """Return the length of a field in each document, in the byte that Whoosh has for it."""
        return np.concatenate([np.empty(0, np.uint8), *(segment.lengths(field) for segment in self.each)])

    def record(self, doc: int) -> bytes:
        """Return what is kept of a document's entry."""
        place = int(np.searchsorted(self.bases, doc, side="right")) - 1
        return self.each[place].record(doc - self.bases[place])
