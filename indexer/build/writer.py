"""Issues to documents of a Whoosh index: a new one, or what was written before with some issues in place of others."""

from __future__ import annotations

import json
import os
import shutil
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from whoosh import index as whoosh_index
from whoosh.codec.base import Segment
from whoosh.writing import SegmentWriter

from indexer.kernel.subjects import parse_subject
from indexer.model import Edition, Entry
from indexer.records import to_stored
from indexer.storage.blocks import Codec
from indexer.storage.schema import lengths_of, schema, to_document

MEMORY_MB = 128
# Each addition makes a segment, which costs every first use of a term a look-up; a deletion leaves a gap.
MOST_SEGMENTS = 6
MOST_DELETED = 0.25  # of all documents


class Writer:
    """Writes entries into the Whoosh index of a folder; nothing of it can be read before `commit`."""

    def __init__(self, folder: Path, before: Path | None = None) -> None:
        """Begin an index in an empty folder, with what the index in the folder `before` holds, if that is given."""
        if before is not None:
            link_files(before, folder)
        self._index = whoosh_index.open_dir(folder) if before else whoosh_index.create_in(folder, schema())
        self._writer: SegmentWriter = self._index.writer(limitmb=MEMORY_MB, codec=Codec())

    def add(self, entries: Iterable[Entry], edition: Edition) -> dict[str, int]:
        """Add the entries of an issue; return the number of terms in each field whose length counts."""
        entries = tuple(entries)
        inside = subjects_below(entries)
        lengths: Counter[str] = Counter()
        for entry in entries:
            kept = json.dumps(to_stored(entry) | {"source": edition}, ensure_ascii=False, separators=(",", ":"))
            document = to_document(entry, kept.encode("utf-8", "replace"), inside.get(entry.id, ""))
            lengths.update(lengths_of(document))
            self._writer.add_document(**document)
        return dict(lengths)

    def remove(self, issue: str) -> None:
        """Remove the entries that an issue (newsletter/number) had before."""
        self._writer.delete_by_term("issue", issue)

    def commit(self) -> None:
        """Write it all; many segments, or many gaps, are made one whole, and what is all gap is dropped."""
        segments = with_documents(self._writer, self._writer.segments)
        gaps = sum(segment.deleted_count() for segment in segments)
        held = sum(segment.doc_count_all() for segment in segments)
        if len(segments) >= MOST_SEGMENTS or gaps > MOST_DELETED * held:
            self._writer.commit(optimize=True)
        else:
            self._writer.commit(mergetype=with_documents)

    def cancel(self) -> None:
        """Give it up."""
        self._writer.cancel()


def with_documents(_: SegmentWriter, segments: Iterable[Segment]) -> list[Segment]:
    """Return the segments of which a document is left, as Whoosh asks for what to keep."""
    return [segment for segment in segments if segment.doc_count()]


def link_files(before: Path, folder: Path) -> None:
    """Put the files of an index into another folder; they are never written again, so one copy serves both."""
    for path in before.iterdir():
        if path.suffix in (".seg", ".toc"):
            try:
                os.link(path, folder / path.name)
            except OSError:  # another volume, or a file system without links
                shutil.copyfile(path, folder / path.name)


def subjects_below(entries: Iterable[Entry]) -> dict[str, str]:
    """Return by its id, for each cover of a series, the subjects of the patches nested under it."""
    found: dict[str, list[str]] = {}
    for entry in entries:
        if entry.parent:
            found.setdefault(entry.parent, []).append(parse_subject(entry.title).words)
    return {cover: "\n".join(subjects) for cover, subjects in found.items()}
