"""This project's index written: the archive's, one issue more, or issues that no file holds."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from whoosh import index as whoosh_index

from indexer.archive.store import Archive, Source
from indexer.enriching.series import Series
from indexer.index.building import MEMORY_MB, about_index, about_issue, add_entries, build
from indexer.index.generations import building, seal, swap_in
from indexer.index.schema import schema
from indexer.model import Issue


def write(archive: Archive, issues: Iterable[Issue]) -> None:
    """Index issues as the archive's own are indexed, and make the result the current index."""
    series = Series(archive.facts.same_series)
    with building(archive.data) as fresh:
        writer = whoosh_index.create_in(fresh, schema()).writer(limitmb=MEMORY_MB)
        about, titles = [], []
        for issue in issues:
            titles += [entry.title for entry in issue.entries if entry.kind != "patch"]
            add_entries(writer, replace(issue, entries=series.take(issue.entries)))
            about.append(about_issue(issue, Source(issue.newsletter, issue.number, Path(f"{issue.number}.md"))))
        writer.commit()
        seal(fresh, about_index(archive, [], about) | {"identifiers": {}, "titles": titles})
        swap_in(archive.data, fresh)


def index_archive(archive: Archive) -> None:
    """Index an archive from its files, as `backissue index` does."""
    build(archive)


def add_issue(archive: Archive, source: Source) -> None:
    """Add one issue to an index, as `backissue add` does."""
    archive.put_original(source.newsletter, source.number, source.path.read_bytes(), source.path.suffix)
    build(archive)
