"""The segments of a generation, with consecutive document numbers and deletions."""

from __future__ import annotations

import heapq
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import accumulate, islice
from pathlib import Path

import numpy as np
import numpy.typing as npt

from indexer.storage.arrays import Array
from indexer.storage.names import in_bytes
from indexer.storage.segment import MOST_FOUND, Segment
from indexer.storage.spelling import SPELT_FIELDS, alike

Numbers = npt.NDArray[np.int64]
Weights = npt.NDArray[np.float32]


class Segments:
    """The named segments; `order` has the documents that are not deleted, or is None for all."""

    def __init__(self, folder: Path, names: Sequence[str], order: Array | None) -> None:
        self.ids = tuple(names)
        self.each = [Segment(folder, name) for name in names]
        self.bases = [0, *accumulate(segment.size for segment in self.each)]
        self.size = self.bases[-1]
        self._order = order
        self._counts: dict[str, Mapping[str, int]] = {}

    @cached_property
    def deleted(self) -> npt.NDArray[np.bool_] | None:
        """The mask of deleted documents, or None if there are none."""
        if self._order is None or len(self._order) == self.size:
            return None
        deleted = np.ones(self.size, dtype=bool)
        deleted[self._order] = False
        return deleted

    def postings(self, field: str, term: str) -> tuple[Numbers, Weights] | None:
        """Return the documents that contain a term and its frequency in each, or None."""
        found = [placed(segment, field, number, base) for segment, base, number in self._with(field, term)]
        if len(found) == 1:
            return found[0]
        return (np.concatenate([ids for ids, _ in found]), np.concatenate([w for _, w in found])) if found else None

    def counts_of(self, term: str) -> Mapping[str, int]:
        """Return the number of documents with a term for each searched field that has it. Recent ones are cached."""
        found = self._counts.get(term)
        if found is None:
            found = self._count(term)
            if len(self._counts) >= MOST_FOUND:
                self._counts.clear()
            self._counts[term] = found
        return found

    def _count(self, term: str) -> Mapping[str, int]:
        wanted = in_bytes(term)
        if len(self.each) == 1 and self.deleted is None:
            return self.each[0].counts_of(wanted)
        fields = {field for segment in self.each for field in segment.numbers(wanted)}
        return {field: count for field in fields if (count := self._left_of(field, term))}

    def _left_of(self, field: str, term: str) -> int:
        """Return the number of live documents with a term."""
        found = self.postings(field, term)
        docs = found[0] if found else np.empty(0, np.int64)
        return len(docs) if self.deleted is None else int(np.count_nonzero(~self.deleted[docs]))

    def positions(self, field: str, term: str) -> tuple[Numbers, Numbers]:
        """Return the occurrences of a term as documents (repeated for each position) and positions, both ascending."""
        docs, held = [], []
        for segment, base, number in self._with(field, term):
            found, places = segment.positions(field, number)
            docs.append(found.astype(np.int64) + base)
            held.append(places.astype(np.int64))
        if len(docs) == 1:
            return docs[0], held[0]
        none = np.empty(0, np.int64)
        return np.concatenate([none, *docs]), np.concatenate([none, *held])

    def _with(self, field: str, term: str) -> list[tuple[Segment, int, int]]:
        """Return each segment that has a term, with its first document number and the term's number in it."""
        wanted = in_bytes(term)
        numbers = [segment.number(field, wanted) for segment in self.each]
        found = zip(self.each, self.bases, numbers, strict=False)
        return [(segment, base, number) for segment, base, number in found if number is not None]

    def vocabulary(self, field: str) -> Sequence[str]:
        """Return the sorted terms of a field in documents that are not deleted."""
        if len(self.each) == 1 and self.deleted is None:
            return self.each[0].names(field)
        return list(self._distinct(field, [(0, len(segment.names(field))) for segment in self.each]))

    def with_prefix(self, field: str, prefix: str, most: int) -> list[str]:
        """Return the first terms of a field that begin with a prefix."""
        wanted = in_bytes(prefix)
        if len(self.each) == 1 and self.deleted is None:
            start, end = self.each[0].names(field).with_prefix(wanted)
            return self.each[0].names(field)[start : min(end, start + most)]
        return list(islice(self._distinct(field, [s.names(field).with_prefix(wanted) for s in self.each]), most))

    def counted(self, field: str, prefix: str, most: int) -> list[tuple[str, int]]:
        """Return the first terms of a searched field that begin with a prefix, each with its number of documents."""
        if len(self.each) != 1 or self.deleted is not None:
            return [(term, self.counts_of(term).get(field, 0)) for term in self.with_prefix(field, prefix, most)]
        names = self.each[0].names(field)
        start, end = names.with_prefix(in_bytes(prefix))
        end = min(end, start + most)
        return list(zip(names[start:end], self.each[0].counts(field, start, end), strict=True))

    def containing(self, field: str, part: str) -> set[str]:
        """Return the terms of a field that contain a text, including terms of deleted documents."""
        wanted = in_bytes(part)
        names = (segment.names(field) for segment in self.each)
        return {held[number] for held in names for number in held.containing(wanted)}

    def beginning(self, field: str, prefix: str, most: int) -> tuple[list[str], Numbers, bool]:
        """Return the first terms of a field that begin with a prefix, the documents of these, and if there are more.

        The documents are unordered and may be repeated.
        """
        if len(self.each) != 1 or self.deleted is not None:
            found = self.with_prefix(field, prefix, most + 1)
            docs = self.between(field, found[0], found[:most][-1]) if found else np.empty(0, np.int64)
            return found[:most], docs, len(found) > most
        segment, names = self.each[0], self.each[0].names(field)
        start, last = names.with_prefix(in_bytes(prefix))
        end = min(last, start + most)
        return names[start:end], segment.docs(field, start, end).astype(np.int64), end < last

    def between(self, field: str, first: str, last: str) -> Numbers:
        """Return the documents with any term in a range, unordered and with repeats."""
        found = [np.empty(0, np.int64)]
        for segment, base in zip(self.each, self.bases, strict=False):
            names = segment.names(field)
            start, end = names.place(in_bytes(first)), names.place(in_bytes(last) + b"\0")
            found.append(segment.docs(field, start, end) + np.int64(base))
        return np.concatenate(found)

    def _distinct(self, field: str, ranges: Sequence[tuple[int, int]]) -> Iterator[str]:
        """Yield the distinct terms of ranges, sorted, without terms that only deleted documents have."""
        last = None
        for term in heapq.merge(*(self._left(i, field, *each) for i, each in enumerate(ranges))):
            if term != last:
                last = term
                yield term.decode()

    def _left(self, place: int, field: str, start: int, end: int) -> Iterator[bytes]:
        """Yield the terms of a segment's range that a live document has."""
        segment = self.each[place]
        numbers: Iterable[int] = range(start, end)
        gone = None if self.deleted is None else self.deleted[self.bases[place] : self.bases[place + 1]]
        if start < end and gone is not None and gone.any():
            first, left = segment.first_postings(field, start, end), ~gone[segment.docs(field, start, end)]
            numbers = (start + np.flatnonzero(np.logical_or.reduceat(left, first))).tolist()
        yield from map(segment.names(field).bytes_at, numbers)

    def alike(self, word: str, edits: int) -> list[str]:
        """Return candidate words and names within an edit distance of a word, sorted."""
        found = {each for segment in self.each for each in alike(segment, word, edits)}
        return sorted(
            each for each in found if self.deleted is None or not self.counts_of(each).keys().isdisjoint(SPELT_FIELDS)
        )

    def lengths(self, field: str) -> Array:
        """Return the length of a field in each document, encoded in a byte as in Whoosh."""
        return np.concatenate([np.empty(0, np.uint8), *(segment.lengths(field) for segment in self.each)])

    def record(self, doc: int) -> bytes:
        """Return the stored record of a document."""
        segment, number = self._placed(doc)
        return segment.record(number)

    def heading(self, doc: int) -> tuple[str, str]:
        """Return the id and the title of a document, without reading its record."""
        segment, number = self._placed(doc)
        return segment.heading(number)

    def _placed(self, doc: int) -> tuple[Segment, int]:
        """Return the segment of a document, and its number there."""
        place = bisect_right(self.bases, doc) - 1
        return self.each[place], doc - self.bases[place]


def placed(segment: Segment, field: str, number: int, base: int) -> tuple[Numbers, Weights]:
    """Return the documents that contain a term, numbered from `base`, and its frequency in each."""
    docs = segment.docs(field, number).astype(np.int64)
    return docs + base if base else docs, segment.frequencies(field, number)
