"""Write issues into a Whoosh index: a new one, or the previous one with some issues replaced."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path

import numpy as np
from whoosh import index as whoosh_index
from whoosh.reading import SegmentReader

from indexer.build.fingerprint import Row
from indexer.build.gathering import Gathered
from indexer.build.ordering import ranks_in, write_order
from indexer.kernel.subjects import parse_subject
from indexer.languages import ENGLISH
from indexer.model import Edition, Entry
from indexer.records import to_stored
from indexer.storage.codec import BulkWriter, MappedSegment, Merge, schema
from indexer.storage.documents import to_document
from indexer.storage.inverted import Numbers
from indexer.storage.schema import TITLE, fields_of
from indexer.storage.segment import FIELDS, RECORDS, Segment
from indexer.storage.vectors import VECTORS, is_on, write_vectors

MOST_TOKENS = 12_000_000  # kept in memory before they are written as a segment
# Each addition makes a segment, and each segment costs a lookup for every term; each deletion leaves a gap.
MOST_SEGMENTS = 6
LARGE = 100_000  # documents; larger segments are not merged
MOST_DELETED = 0.25  # of all documents


class Writer:
    """Writes entries into the Whoosh index in a folder; readers see nothing before `commit`."""

    def __init__(
        self, folder: Path, before: Path | None = None, facets: Sequence[str] = (), languages: Mapping[str, str] = {}
    ) -> None:
        """Begin an index in an empty folder, with the contents of the index in the folder `before`, if given.

        `facets` are the ids of the version facets, `languages` those of newsletters that are not in English.
        """
        self._facets = facets
        self._languages = languages
        if before is not None:
            link_files(before, folder)
        self._folder = folder
        self._ranks: dict[str, Numbers] = {}  # of the documents of segments, as `write_order` needs them
        self._before = before
        self._index = whoosh_index.open_dir(folder) if before else whoosh_index.create_in(folder, schema(facets))
        self._begin()

    def _begin(self) -> None:
        self._gathered = Gathered(fields_of(self._facets))
        self._writer = BulkWriter(self._index, self._gathered)
        self._own: list[int] = []  # the ranks of the documents of the next segment
        if self._before and not self._ranks:
            sizes = {each.segment_id(): each.doc_count_all() for each in self._writer.segments}
            self._ranks = ranks_in(self._before, sizes)

    def add(self, entries: Iterable[Entry], row: Row) -> None:
        """Add the entries of an issue; `row` is its metadata."""
        entries = tuple(entries)
        self._add(entries, dict.fromkeys((entry.id for entry in entries), 0), row)

    def replace(self, entries: Sequence[Entry], changed: Collection[str], row: Row) -> None:
        """Replace the changed entries of an issue, given by id among all of its entries."""
        places: dict[str, int] = {}
        for about in self._writer.segments:
            segment = Segment(self._folder, about.segment_id())
            for entry in changed:
                number = segment.term("id", entry)
                for doc in () if number is None else segment.docs("id", number).tolist():
                    if not about.is_deleted(doc):
                        places[entry] = int(self._ranks[about.segment_id()][doc])
                        about.delete_document(doc)
        self._add(entries, places, row)

    def _add(self, entries: Sequence[Entry], ranks: Mapping[str, int], row: Row) -> None:
        """Add those entries of an issue that have a rank."""
        inside = subjects_below(entries)
        language = self._languages.get(row["newsletter"], ENGLISH)
        if self._gathered.size > MOST_TOKENS:
            self._commit(None)
            self._begin()
        for entry in entries:
            if entry.id in ranks:
                record = record_of(entry, row["edition"])
                made = to_document(entry, record, inside.get(entry.id, ""), language)
                self._writer.add_document(**made, **{TITLE: entry.title})
                self._own.append(ranks[entry.id])

    def remove(self, issue: str) -> None:
        """Remove the previous entries of an issue (newsletter/label)."""
        for about in self._writer.segments:
            segment = Segment(self._folder, about.segment_id())
            number = segment.term("issue", issue)
            for doc in () if number is None else segment.docs("issue", number).tolist():
                about.delete_document(doc)

    def commit(self, issues: Sequence[str]) -> None:
        """Write everything, with the entries in the order of `issues` (newsletter/label), which lists all issues."""
        self._commit(merged)
        write_order(self._folder, self._writer.kept, issues, self._ranks)

    def _commit(self, policy: Merge | None) -> None:
        """Write a segment, with the vectors of its entries if the extra `semantic` is in use."""
        self._writer.commit(mergetype=policy, merge=False)
        of_merged = (self._ranks[name][keep] for name, keep in self._writer.merged)
        own = np.array(self._own, dtype=np.int64)
        self._ranks[self._writer.newsegment.segment_id()] = np.concatenate([own, *of_merged])
        if is_on():
            write_vectors(self._folder, [each.segment_id() for each in self._writer.kept])

    def cancel(self) -> None:
        """Discard everything."""
        self._writer.cancel()


def record_of(entry: Entry, edition: Edition) -> bytes:
    """Return the stored record of an entry as JSON."""
    record = to_stored(entry) | {"source": edition}
    return json.dumps(record, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")


def merged(writer: BulkWriter, segments: list[MappedSegment]) -> list[MappedSegment]:
    """Merge policy for Whoosh: return the segments to keep, after adding the others to the writer.

    Segments with many deletions are rewritten. If there are too many segments, small ones are merged: each that has
    at most twice the documents of all smaller ones together, so entries are rarely rewritten.
    """
    held = sorted((each for each in segments if each.doc_count()), key=MappedSegment.doc_count)
    anew = [each for each in held if each.deleted_count() > MOST_DELETED * each.doc_count_all()]
    if len(held) >= MOST_SEGMENTS:
        gathered = writer.docnum
        for each in held:
            if each in anew or (each.doc_count() < LARGE and each.doc_count() <= 2 * gathered) or gathered == 0:
                gathered += each.doc_count()
                anew.append(each)
    for each in segments:
        if each in anew:
            reader = SegmentReader(writer.storage, writer.schema, each)
            writer.add_reader(reader)
    return [each for each in segments if each.doc_count() and each not in anew]


def link_files(before: Path, folder: Path) -> None:
    """Hard-link the files of an index into another folder; they are never modified."""
    for path in before.iterdir():
        if path.suffix in (FIELDS, RECORDS, VECTORS, ".toc"):
            try:
                os.link(path, folder / path.name)
            except OSError:  # another volume, or a file system without hard links
                shutil.copyfile(path, folder / path.name)


def subjects_below(entries: Iterable[Entry]) -> dict[str, str]:
    """Return the subjects of the patches under each cover letter, by its id."""
    found: dict[str, list[str]] = {}
    for entry in entries:
        if entry.parent:
            found.setdefault(entry.parent, []).append(parse_subject(entry.title).words)
    return {cover: "\n".join(subjects) for cover, subjects in found.items()}
