"""A Whoosh codec that stores segments as mapped arrays; the only module that uses private parts of Whoosh.

Whoosh 2.7.4 keeps the schema, the segments and their deleted documents in its table of contents, a pickle that only
building reads. Everything else is in the files of `segment`, which are read without Whoosh, or by Whoosh's own reader
through the classes here. Postings are written in bulk: `BulkWriter` collects whole documents and passes the arrays of
a field to the codec, whereas Whoosh's own writer would pass one posting at a time.
"""

from __future__ import annotations

import itertools
from array import array
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from whoosh import matching
from whoosh.codec import base
from whoosh.columns import VarBytesColumn
from whoosh.fields import COLUMN, FieldType, Schema
from whoosh.formats import Existence, Positions
from whoosh.reading import TermInfo, TermNotFound
from whoosh.util.numeric import byte_to_length
from whoosh.writing import SegmentWriter

from indexer.storage.arrays import Array, ArrayWriter
from indexer.storage.inverted import Occurrences, write_field
from indexer.storage.lookup import write_lookup
from indexer.storage.records import RecordWriter
from indexer.storage.schema import ANALYSED, RECORD, SEARCHED, TITLE, fields_of, is_exact
from indexer.storage.segment import FIELDS, RECORDS, Segment
from indexer.storage.spelling import SPELT_FIELDS, write_spelling

# The length of a field is stored in one byte.
LENGTHS = np.array([byte_to_length(byte) for byte in range(256)], dtype=np.float32)

Merge = Callable[["BulkWriter", list["MappedSegment"]], list["MappedSegment"]]


class Places(Positions):  # type: ignore[misc]
    """Positions of a term in a document as 32-bit integers."""

    def decode_positions(self, valuestring: bytes) -> list[int]:
        return list(array("I", valuestring))

    def decode_frequency(self, valuestring: bytes) -> int:
        return len(valuestring) // np.dtype(np.uint32).itemsize


class Field(FieldType):  # type: ignore[misc]
    """A field with terms supplied by `BulkWriter`."""

    def __init__(self, name: str) -> None:
        kind = Places() if name in ANALYSED else Existence()
        super().__init__(kind, analyzer=None, scorable=name in SEARCHED)


def schema(facets: Iterable[str]) -> Schema:
    """Return the schema of an index with some version facets. A change of it requires a new FORMAT."""
    fields = {name: Field(name) for name in fields_of(facets)}
    return Schema(**{RECORD: COLUMN(VarBytesColumn())}, **fields)


class Codec(base.Codec):  # type: ignore[misc]
    """Writes and reads segments of mapped arrays."""

    length_stats = False  # keeps Whoosh from opening a segment before its postings are written

    def new_segment(self, _: Any, indexname: str) -> MappedSegment:
        return MappedSegment(indexname)

    def per_document_writer(self, storage: Any, segment: MappedSegment) -> RecordWriter:
        return RecordWriter(Path(storage.folder) / segment.make_filename(RECORDS))

    def field_writer(self, storage: Any, segment: MappedSegment) -> FieldWriter:
        return FieldWriter(Path(storage.folder) / segment.make_filename(FIELDS))

    def per_document_reader(self, storage: Any, segment: MappedSegment) -> DocumentReader:
        return DocumentReader(opened(storage, segment), segment)

    def terms_reader(self, storage: Any, segment: MappedSegment) -> TermsReader:
        return TermsReader(opened(storage, segment))


def opened(storage: Any, segment: MappedSegment) -> Segment:
    return Segment(Path(storage.folder), segment.segment_id())


class MappedSegment(base.Segment):  # type: ignore[misc]
    """A segment in Whoosh's table of contents: its name, size and deleted documents."""

    def __init__(self, indexname: str) -> None:
        super().__init__(indexname)
        self.size = 0
        self.deleted: set[int] = set()

    def codec(self) -> Codec:
        return Codec()

    def set_doc_count(self, doccount: int) -> None:
        self.size = doccount

    def doc_count_all(self) -> int:
        return self.size

    def deleted_count(self) -> int:
        return len(self.deleted)

    def deleted_docs(self) -> Iterable[int]:
        return sorted(self.deleted)

    def delete_document(self, docnum: int, delete: bool = True) -> None:  # noqa: FBT001, FBT002 – Whoosh's signature
        (self.deleted.add if delete else self.deleted.discard)(docnum)

    def is_deleted(self, docnum: int) -> bool:
        return docnum in self.deleted

    def should_assemble(self) -> bool:
        return False


class FieldWriter(base.FieldWriter):  # type: ignore[misc]
    """Writes the fields of a segment, one field at a time."""

    def __init__(self, path: Path) -> None:
        self._file = ArrayWriter(path)
        self.is_closed = False

    def write(self, size: int, items: Iterable[tuple[str, Occurrences]]) -> None:
        """Write the fields of a segment with `size` documents."""
        fields: list[str] = []
        searched: dict[str, list[bytes]] = {}
        for field, found in items:
            terms = write_field(self._file, field, found, size=size, sets=is_exact(field))
            fields.append(field)
            if field in SEARCHED:
                searched[field] = terms
        write_spelling(self._file, itertools.chain.from_iterable(searched.get(name, ()) for name in SPELT_FIELDS))
        write_lookup(self._file, {fields.index(name): terms for name, terms in searched.items()})
        self._file.close({"fields": fields})
        self.is_closed = True

    def close(self) -> None:
        if not self.is_closed:
            self._file.abandon()
            self.is_closed = True


class BulkWriter(SegmentWriter):  # type: ignore[misc]
    """A Whoosh writer for whole documents; `pool` collects them (see `indexer.build.gathering`)."""

    def __init__(self, index: Any, pool: Any) -> None:
        super().__init__(index, codec=Codec())
        self.pool = pool
        self.kept: list[MappedSegment] = []
        self.merged: list[tuple[str, npt.NDArray[np.bool_]]] = []  # segments, and which of their documents were added

    def add_document(self, **fields: Any) -> None:
        """Add a document as `to_document` makes it, and its TITLE."""
        self.perdocwriter.add(fields[RECORD], fields[TITLE])
        self.pool.add(fields)
        self.docnum += 1
        self._added = True

    def add_reader(self, reader: Any) -> None:
        """Add the documents of another segment except its deleted ones."""
        segment: Segment = reader._perdoc.segment  # noqa: SLF001
        gone = set(reader.segment().deleted)
        keep = np.ones(segment.size, dtype=bool)
        keep[list(gone)] = False
        self.merged.append((reader.segment().segment_id(), keep))
        for doc in range(segment.size):
            if doc not in gone:
                self.perdocwriter.add(segment.record(doc), segment.title(doc))
        self.pool.add_segment(segment, gone)
        self.docnum += segment.size - len(gone)
        self._added = True

    def _flush_segment(self) -> None:
        self.perdocwriter.close()
        self.fieldwriter.write(self.docnum, self.pool.fields())

    def _commit_toc(self, segments: list[MappedSegment]) -> None:
        self.kept = segments
        super()._commit_toc(segments)


class DocumentReader(base.PerDocumentReader):  # type: ignore[misc]
    """The document interface that Whoosh's reader needs."""

    def __init__(self, segment: Segment, about: MappedSegment) -> None:
        self.segment = segment
        self._about = about

    def doc_count(self) -> int:
        return int(self._about.doc_count())

    def doc_count_all(self) -> int:
        return self.segment.size

    def has_deletions(self) -> bool:
        return bool(self._about.deleted)

    def is_deleted(self, docnum: int) -> bool:
        return self._about.is_deleted(docnum)

    def deleted_docs(self) -> Iterable[int]:
        return self._about.deleted_docs()

    def stored_fields(self, _: int) -> dict[str, Any]:
        return {}

    def doc_field_length(self, docnum: int, fieldname: str, default: int = 0) -> int:
        return self._length(self._lengths(fieldname)[docnum]) if fieldname in SEARCHED else default

    def field_length(self, fieldname: str) -> int:
        return sum(map(self._length, self._lengths(fieldname)))

    def min_field_length(self, fieldname: str) -> int:
        return self._length(min(self._lengths(fieldname)))

    def max_field_length(self, fieldname: str) -> int:
        return self._length(max(self._lengths(fieldname)))

    def _lengths(self, field: str) -> list[int]:
        held: list[int] = self.segment.lengths(field).tolist()
        return held

    def _length(self, byte: int) -> int:
        return int(byte_to_length(byte))


class TermsReader(base.TermsReader):  # type: ignore[misc]
    """The term interface that Whoosh's reader needs."""

    def __init__(self, segment: Segment) -> None:
        self.segment = segment

    def __contains__(self, term: tuple[str, bytes]) -> bool:
        return self.segment.names(term[0]).find(term[1]) is not None

    def indexed_field_names(self) -> list[str]:
        return self.segment.fields

    def terms(self) -> Iterator[tuple[str, bytes]]:
        return (term for field in sorted(self.segment.fields) for term in self._of(field, b""))

    def terms_from(self, fieldname: str, prefix: bytes) -> Iterator[tuple[str, bytes]]:
        later = (field for field in sorted(self.segment.fields) if field > fieldname)
        yield from self._of(fieldname, prefix)
        yield from (term for field in later for term in self._of(field, b""))

    def items(self) -> Iterator[tuple[tuple[str, bytes], TermInfo]]:
        return ((term, self.term_info(*term)) for term in self.terms())

    def items_from(self, fieldname: str, prefix: bytes) -> Iterator[tuple[tuple[str, bytes], TermInfo]]:
        return ((term, self.term_info(*term)) for term in self.terms_from(fieldname, prefix))

    def _of(self, field: str, start: bytes) -> Iterator[tuple[str, bytes]]:
        names = self.segment.names(field)
        return ((field, names.bytes_at(number)) for number in range(names.place(start), len(names)))

    def term_info(self, fieldname: str, text: bytes) -> TermInfo:
        docs, weights = self._docs(fieldname, text), self._weights(fieldname, text)
        lengths = LENGTHS[self.segment.lengths(fieldname)[docs]] if fieldname in SEARCHED else np.zeros(1)
        extremes = int(lengths.min()), int(lengths.max()), float(weights.max()), int(docs[0]), int(docs[-1])
        return TermInfo(float(weights.sum()), len(docs), *extremes)

    def frequency(self, fieldname: str, text: bytes) -> float:
        return float(self._weights(fieldname, text).sum()) if (fieldname, text) in self else 0

    def doc_frequency(self, fieldname: str, text: bytes) -> int:
        return len(self._docs(fieldname, text)) if (fieldname, text) in self else 0

    def matcher(self, fieldname: str, text: bytes, format_: Any, scorer: Any = None) -> matching.ListMatcher:
        docs, weights = self._docs(fieldname, text).tolist(), self._weights(fieldname, text)
        values = [b""] * len(docs)
        if fieldname in ANALYSED:
            _, positions = self.segment.positions(fieldname, self._number(fieldname, text))
            ends = np.cumsum(weights.astype(np.int64))[:-1]
            values = [each.astype(np.uint32).tobytes() for each in np.split(positions, ends)]
        term, info = (fieldname, text), self.term_info(fieldname, text)
        return matching.ListMatcher(docs, weights.tolist(), values, format_, scorer=scorer, term=term, terminfo=info)

    def _number(self, field: str, text: bytes) -> int:
        number = self.segment.names(field).find(text) if field in self.segment.fields else None
        if number is None:
            raise TermNotFound(f"No term {field}:{text!r}")
        return number

    def _docs(self, field: str, text: bytes) -> Array:
        return self.segment.docs(field, self._number(field, text))

    def _weights(self, field: str, text: bytes) -> Array:
        return self.segment.frequencies(field, self._number(field, text))
