"""Whoosh's segments as numpy arrays."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from whoosh import index as whoosh_index
from whoosh.codec.whoosh3 import LENGTHS_COLUMN
from whoosh.columns import VarBytesColumn
from whoosh.reading import TermNotFound
from whoosh.util.numeric import byte_to_length

from indexer.storage.blocks import BlockReader
from indexer.storage.schema import RECORD, in_bytes

Numbers = npt.NDArray[np.int64]
Weights = npt.NDArray[np.float32]

# The length of a field is kept in a byte, of which there are 256.
LENGTHS = np.array([byte_to_length(byte) for byte in range(256)], dtype=np.float32)


class Segments:
    """The segments of one Whoosh index, their documents numbered through as they were written.

    A document that was deleted keeps its number and is in `deleted`. Not safe to share between threads.
    """

    def __init__(self, folder: Path) -> None:
        """Open the index in a folder; raises whatever Whoosh and a damaged file do."""
        self._reader = whoosh_index.open_dir(folder, readonly=True).reader()
        self.size: int = self._reader.doc_count_all()
        # A segment may be empty, and then lacks files, as the reader of no segment at all lacks its parts.
        leaves: list[tuple[Any, int]] = self._reader.leaf_readers()
        self._leaves = [(leaf, base) for leaf, base in leaves if leaf.doc_count_all()]
        self.deleted = np.zeros(self.size, dtype=bool)
        for leaf, base in self._leaves:
            self.deleted[[base + doc for doc in leaf.segment().deleted_docs()]] = True

    def postings(self, field: str, term: str) -> tuple[Numbers, Weights] | None:
        """Return the documents that hold a term and the weight of it in each; None where none ever did."""
        found = [(ids + base, weights) for ids, weights, _, base in self._blocks(field, term)]
        if not found:
            return None
        return np.concatenate([ids for ids, _ in found]), np.concatenate([weights for _, weights in found])

    def positions(self, field: str, term: str) -> tuple[Numbers, Numbers]:
        """Return where a term stands: documents, repeated for each place in one, and the places, both ascending."""
        docs, held = [np.empty(0, np.int64)], [np.empty(0, np.int64)]
        for ids, weights, packed, base in self._blocks(field, term):
            docs.append(np.repeat(ids + base, weights.astype(np.int64)))
            held.append(np.frombuffer(packed, dtype=np.uint32).astype(np.int64))
        return np.concatenate(docs), np.concatenate(held)

    def _blocks(self, field: str, term: str) -> Iterator[tuple[Numbers, Weights, bytes, int]]:
        """Yield the blocks of a term in all segments, and the number that its segment's first document has."""
        for leaf, base in self._leaves:
            for ids, weights, packed in blocks(leaf, field, in_bytes(term)):
                yield ids, weights, packed, base

    def vocabulary(self, field: str) -> list[str]:
        """Return the terms of a field that a document which was not deleted holds, sorted."""
        if not self.deleted.any():
            return [term.decode() for term in self._reader.lexicon(field)]
        return sorted({term.decode() for leaf, base in self._leaves for term in self._live_terms(leaf, base, field)})

    def _live_terms(self, leaf: Any, base: int, field: str) -> Iterator[bytes]:
        """Yield the terms of a segment's field that a document which is left holds.

        Documents are deleted by issues, so most of what is gone is gone from its first document to its last.
        """
        gone = self.deleted[base : base + leaf.doc_count_all()]
        if not gone.any():
            yield from leaf.lexicon(field)
            return
        left = [0, *np.cumsum(~gone).tolist()]  # before each document
        for (name, term), about in leaf._terms.items_from(field, b""):  # noqa: SLF001
            if name != field:
                return
            first, last = about.min_id(), about.max_id()
            if left[first] == left[last + 1]:
                continue
            ends_left = not (gone[first] and gone[last])
            if ends_left or any(not gone[ids].all() for ids, _, _ in blocks(leaf, field, term)):
                yield term

    def lengths(self, field: str) -> Weights:
        """Return the length of a field in each document, in terms, as Whoosh rounds it."""
        held = np.zeros(self.size, dtype=np.uint8)
        for leaf, base in self._leaves:
            column = leaf._perdoc._cached_reader(f"_{field}_len", LENGTHS_COLUMN)  # noqa: SLF001
            if column is not None:
                raw = column._dbfile.get(column._basepos, column._count)  # noqa: SLF001
                held[base : base + column._count] = np.frombuffer(raw, dtype=np.uint8)  # noqa: SLF001
        return LENGTHS[held]

    def record(self, doc: int) -> bytes:
        """Return what is kept of a document's entry."""
        at = int(np.searchsorted(self._bases, doc, side="right")) - 1
        return bytes(self._records[at][doc - int(self._bases[at])])

    @cached_property
    def _bases(self) -> Numbers:
        return np.array([base for _, base in self._leaves], dtype=np.int64)

    @cached_property
    def _records(self) -> list[Any]:
        return [leaf._perdoc.column_reader(RECORD, VarBytesColumn()) for leaf, _ in self._leaves]  # noqa: SLF001

    def close(self) -> None:
        self._reader.close()


def blocks(leaf: Any, field: str, term: bytes) -> Iterator[tuple[Numbers, Weights, bytes]]:
    """Yield the blocks of a term in a segment: document numbers, weights, packed positions; none where it has none.

    The public way is a call for each posting.
    """
    try:
        reader: BlockReader = leaf._terms.matcher(field, term, leaf.schema[field].format)  # noqa: SLF001
    except TermNotFound:
        return
    for numbers, weights, packed in reader.blocks():
        ids = np.frombuffer(numbers, dtype=np.uint32).astype(np.int64)
        ones = np.ones(len(ids), dtype=np.float32)
        yield ids, ones if weights is None else np.frombuffer(weights, dtype=np.float32), packed
