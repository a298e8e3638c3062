"""One segment of the index: the mapped arrays of its fields, and its records.

A segment is two files of arrays (see `arrays`). NAME.seg holds for each field (see `inverted`):

    names, ends               the terms in the order of their bytes, and where each one ends
    starts, docs, frequencies the postings: `starts[t]` to `starts[t + 1]` are those of term t; ascending documents
    places, positions         of a text: the positions of term t are those from `places[t]` on, by document
    lengths                   of a searched field: a byte for each document, as Whoosh rounds lengths
    set_of, set_starts, sets  of a field that filters: the distinct sets of values, and which one each document has

and for all fields together the tables of `spelling` (spelling.names, ends, letters, of_length) and, for those that
are searched, of `lookup` (lookup.starts, entries).

NAME.rec holds the record of each document, and its title (see `records`). Documents are numbered from 0 in each
segment.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path

import numpy as np
import numpy.typing as npt

from indexer.storage.arrays import Array, Arrays
from indexer.storage.lookup import Lookup
from indexer.storage.names import Names, in_bytes
from indexer.storage.schema import SEARCHED

FIELDS, RECORDS = ".seg", ".rec"  # suffixes of the two files
SPELLING = "spelling"  # the table of words used for spelling correction
RAW = -15  # deflate without header and checksum
DICTIONARY_SIZE = 32_768  # bytes, the window size of deflate
MOST_FOUND = 4_096  # size of the cache of looked-up terms; a search looks up each of its terms many times

Postings = tuple[memoryview, Array, Array | None]


class Segment:
    """A segment opened for reading."""

    def __init__(self, folder: Path, name: str) -> None:
        self._arrays = Arrays(folder / f"{name}{FIELDS}")
        self._records = Arrays(folder / f"{name}{RECORDS}")
        self.size: int = self._records.about["documents"]
        self.fields: list[str] = self._arrays.about["fields"]
        self._names: dict[str, Names] = {}
        self._postings: dict[str, Postings] = {}
        self._found: dict[bytes, Mapping[str, int]] = {}

    @property
    def arrays(self) -> Arrays:
        """The arrays of the fields."""
        return self._arrays

    def names(self, field: str) -> Names:
        """Return the terms of a field."""
        if field not in self._names:
            self._names[field] = Names(self._arrays, field)
        return self._names[field]

    def term(self, field: str, term: str) -> int | None:
        """Return the number of a term in a field, or None."""
        return self.number(field, in_bytes(term))

    def number(self, field: str, term: bytes) -> int | None:
        """Return the number of a term in a field, or None."""
        return self.numbers(term).get(field) if field in SEARCHED else self.names(field).find(term)

    def numbers(self, term: bytes) -> Mapping[str, int]:
        """Return the number of a term in each searched field that has it. Recently found terms are cached."""
        found = self._found.get(term)
        if found is None:
            found = {self.fields[field]: number for field, number in self._lookup.find(term).items()}
            if len(self._found) >= MOST_FOUND:
                self._found.clear()
            self._found[term] = found
        return found

    def counts_of(self, term: bytes) -> dict[str, int]:
        """Return the number of documents with a term for each searched field that has it."""
        counts = {}
        for field, number in self.numbers(term).items():
            starts = self._postings_of(field)[0]
            counts[field] = starts[number + 1] - starts[number]
        return counts

    def counts(self, field: str, start: int, end: int) -> list[int]:
        """Return the number of documents with each of a range of terms of a field."""
        counts: list[int] = np.diff(np.asarray(self._postings_of(field)[0][start : end + 1])).tolist()
        return counts

    @cached_property
    def _lookup(self) -> Lookup:
        return Lookup(self._arrays, {at: self.names(field) for at, field in enumerate(self.fields)})

    def docs(self, field: str, number: int, end: int | None = None) -> Array:
        """Return the documents that contain a term, ascending, or those of all terms up to `end`, term by term."""
        starts, docs, _ = self._postings_of(field)
        return docs[starts[number] : starts[number + 1 if end is None else end]]

    def first_postings(self, field: str, number: int, end: int) -> Array:
        """Return where the postings of each term up to `end` begin, counted from those of the first term."""
        starts = self._arrays[f"{field}.starts"][number:end].astype(np.intp)
        first: Array = starts - starts[0]
        return first

    def frequencies(self, field: str, number: int) -> npt.NDArray[np.float32]:
        """Return the frequency of a term in each of its documents."""
        starts, _, frequencies = self._postings_of(field)
        start, end = starts[number], starts[number + 1]
        return (
            np.ones(end - start, dtype=np.float32) if frequencies is None else frequencies[start:end].astype(np.float32)
        )

    def positions(self, field: str, number: int) -> tuple[Array, Array]:
        """Return the occurrences of a term as documents (repeated for each position) and positions."""
        start, end = self._arrays[f"{field}.places"][number : number + 2].tolist()
        starts, docs, frequencies = self._postings_of(field)
        held = slice(starts[number], starts[number + 1])
        each = docs[held] if frequencies is None else np.repeat(docs[held], frequencies[held])
        return each, self._arrays[f"{field}.positions"][start:end]

    def _postings_of(self, field: str) -> Postings:
        """Return where the postings of each term start, their documents, and their frequencies unless all are 1."""
        found = self._postings.get(field)
        if found is None:
            frequencies = self._arrays[name] if (name := f"{field}.frequencies") in self._arrays else None
            found = self._arrays.view(f"{field}.starts"), self._arrays[f"{field}.docs"], frequencies
            self._postings[field] = found
        return found

    def lengths(self, field: str) -> Array:
        """Return the length of a field in each document, encoded in a byte as in Whoosh."""
        return self._arrays[f"{field}.lengths"]

    def sets(self, field: str) -> tuple[Array, Array, Array]:
        """Return the number of each document's set of values, the start of each set, and the concatenated sets."""
        return self._arrays[f"{field}.set_of"], self._arrays[f"{field}.set_starts"], self._arrays[f"{field}.sets"]

    def record(self, doc: int) -> bytes:
        """Return the record of a document."""
        start, end = self._record_ends[doc], self._record_ends[doc + 1]
        held = self._records.held[start:end]
        return zlib.decompressobj(RAW, zdict=self._dictionary).decompress(held)

    def heading(self, doc: int) -> tuple[str, str]:
        """Return the id and the title of a document, without reading its record."""
        set_of, starts, sets = self._ids
        return self._id_names.bytes_at(sets[starts[set_of[doc]]]).decode(), self.title(doc)

    def title(self, doc: int) -> str:
        """Return the title of a document, without reading its record."""
        ends, start = self._titles
        return self._records.held[start + ends[doc] : start + ends[doc + 1]].decode()

    @cached_property
    def _id_names(self) -> Names:
        return self.names("id")

    @cached_property
    def _ids(self) -> tuple[memoryview, memoryview, memoryview]:
        return self._arrays.view("id.set_of"), self._arrays.view("id.set_starts"), self._arrays.view("id.sets")

    @cached_property
    def _titles(self) -> tuple[memoryview, int]:
        return self._records.view("title_ends"), self._records.offset("titles")

    @cached_property
    def _record_ends(self) -> memoryview:
        return self._records.view("ends")

    @cached_property
    def _dictionary(self) -> bytes:
        return self._records["dictionary"].tobytes()
