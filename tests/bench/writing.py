"""Write backissue's index: of the archive, with one issue more, or of synthetic issues."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from indexer.build.about import about_index
from indexer.build.builder import about_issue, build, rare_collections
from indexer.build.fingerprint import digest_of_tables, row_key
from indexer.build.publish import building, publish, seal
from indexer.build.writer import Writer
from indexer.kernel.series import Series
from indexer.model import Issue
from indexer.sources.archive import Archive, Source


def write(archive: Archive, issues: Iterable[Issue]) -> None:
    """Index issues as those of the archive, and publish the index."""
    series = Series(archive.facts.same_series)
    with building(archive.data) as fresh, rare_collections():
        writer, rows = Writer(fresh, facets=archive.version_facets), []
        for issue in issues:
            source = Source(issue.key, Path(f"{issue.label}.md"))
            rows.append(about_issue(issue, source, "", ()))
            writer.add(series.take(issue.entries), rows[-1])
        writer.commit([row_key(row) for row in rows])
        seal(fresh, about_index(archive, digest_of_tables(archive), rows))
        publish(archive.data, fresh)


def index_archive(archive: Archive) -> None:
    """Index an archive from its files, as `backissue index` does."""
    build(archive)


def add_issue(archive: Archive, source: Source) -> None:
    """Add one issue to an index, as `backissue add` does."""
    archive.put_original(source.key, source.path.read_bytes(), source.path.suffix)
    build(archive)
