"""Bring an index up to date: parse and write what changed, keep the rest, and publish the result."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from functools import partial
from types import MappingProxyType
from typing import Any, Protocol

from indexer.build.about import about_index
from indexer.build.continuing import Past, write_series
from indexer.build.converting import convert
from indexer.build.fingerprint import Row, digest_of_source, digest_of_tables, row_key, usable
from indexer.build.parsing import Read, read, retold_in_place_of, where_of
from indexer.build.publish import building, publish, seal
from indexer.build.waiting import Waiting, with_outcomes
from indexer.build.workers import in_workers
from indexer.build.writer import Writer
from indexer.errors import UnreadableSource
from indexer.kernel.series import Series
from indexer.languages import language_in
from indexer.model import Entry, Issue, Problem
from indexer.sources.archive import Archive, Source
from indexer.storage.generations import checksum
from indexer.storage.index import Index

Progress = Callable[[int, int], None]
Parsed = Mapping[str, Callable[[], Read]]
NONE_PARSED: Parsed = MappingProxyType({})
OBJECTS_BETWEEN_COLLECTIONS = 50_000


@dataclass(frozen=True, slots=True)
class Built:
    """The result of a build: number of issues and entries, problems, and duration in seconds.

    `parsed` is the number of issues that were not reused from the previous index. `converted` is a sentence on an
    index of version 0.1 that was converted, "" if there was none.
    """

    issues: int
    entries: int
    problems: tuple[Problem, ...]
    seconds: float
    parsed: int
    converted: str = ""


def build(
    archive: Archive, progress: Progress = lambda done, total: None, prepare: Callable[[], None] = lambda: None,
    parsed: Parsed = NONE_PARSED,
) -> Built:  # fmt: skip
    """Bring the index of an archive up to date and publish it.

    Issues with an unchanged source are reused from the current index, if the same code and tables made it. A source
    that cannot be read becomes a problem of the result and does not affect the others. `prepare` is called once the
    lock is held, `progress` with the number of sources done and in all. `parsed` has issues that `prepare` stores.
    Raises `IndexLocked` and `BadArchive`.
    """
    start = time.perf_counter()
    with building(archive.data) as fresh, rare_collections(), ExitStack() as stack:
        archive.recover()
        prepare()
        converted = convert(archive)
        sources = archive.sources()
        tables = digest_of_tables(archive)
        before = verified(usable(archive.data, tables))
        if before:
            stack.callback(before.close)
        languages = {name: language_in(each.language) for name, each in archive.newsletters.items()}
        writer = Writer(fresh, before.folder if before else None, archive.version_facets, languages)
        try:
            past = Past(before) if before else None
            builder = Builder(archive, writer, before, sources, past)
            builder.take_all(progress, parsed)
            writer.commit([row_key(row) for row in builder.rows])
            write_series(fresh, builder.known_series, past)
        except BaseException:
            writer.cancel()
            raise
        progress(len(sources), len(sources))
        seal(fresh, about_index(archive, tables, builder.rows), before.metadata["files"] if before else {})
        publish(archive.data, fresh)
    return replace(builder.built(start), converted=converted)


def verified(index: Index | None) -> Index | None:
    """Return the index if its table of contents is unchanged, else None.

    The table is Whoosh's pickle, so it is verified before it is loaded. Segments were verified when the index was
    opened, now or earlier since the machine booted.
    """
    listed = index.metadata["files"].items() if index else ()
    tables = [(name, digest) for name, (_, digest) in listed if name.endswith(".toc")]
    return index if index and all(checksum(index.folder / name) == digest for name, digest in tables) else None


class Writing(Protocol):
    """Writes the entries of issues, replacing their previous ones. Nothing is visible until it is finished."""

    def add(self, entries: Iterable[Entry], row: Row) -> None:
        """Add the entries of an issue; `row` is its metadata."""

    def replace(self, entries: Sequence[Entry], changed: Collection[str], row: Row) -> None:
        """Replace the changed entries of an issue, given by id among all of its entries."""

    def remove(self, issue: str) -> None:
        """Remove the previous entries of an issue (newsletter/label)."""


class Before(Protocol):
    """An index from which unchanged issues are reused."""

    @property
    def metadata(self) -> Mapping[str, Any]:
        """The metadata of the index."""

    def entries_of(self, issue: str) -> tuple[Entry, ...]:
        """Return the entries of an issue (newsletter/label), in reading order."""


@contextmanager
def rare_collections() -> Iterator[None]:
    """Run the garbage collector less often: a build makes many objects and few cycles."""
    before = gc.get_threshold()
    gc.set_threshold(OBJECTS_BETWEEN_COLLECTIONS, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)


class Builder:
    """Processes the sources of an archive in reading order and writes what is new."""

    def __init__(
        self, archive: Archive, writer: Writing, before: Before | None, sources: Sequence[Source],
        past: Past | None = None,
    ) -> None:  # fmt: skip
        self.archive = archive
        self.sources = sources
        self.before = before
        self.past = past
        self.continued: set[str] = set()  # newsletters that only have new issues after their previous last one
        self.known: dict[str, Row] = {row_key(row): row for row in before.metadata["issues"]} if before else {}
        retold = archive.retold()
        self.made_of = {str(source.key): digest_of_source(archive, source, retold) for source in sources}
        self.unread = [source for source in sources if not self.is_known(source)]
        self.rows: list[Row] = []
        self.problems = archive.misnamed()
        gone = self.known.keys() - {str(source.key) for source in sources}
        # Newsletters with a changed issue; patches in later issues may belong to other series now.
        self.changed = {self.known[key]["newsletter"] for key in gone}
        self.known_series: dict[str, Series] = {}
        self.waiting = Waiting(archive.facts.outcome)
        self.writer = writer

    def take_all(self, progress: Progress, parsed: Parsed = NONE_PARSED) -> None:
        """Process every source, and remove the issues of missing ones. `parsed` provides some, by newsletter/label."""
        unread = [source for source in self.unread if str(source.key) not in parsed]
        with in_workers(partial(read, self.archive), unread, where_of) as issues:
            for done, source in enumerate(self.sources):
                progress(done, len(self.sources))
                self.take(source, issues, parsed.get(str(source.key)))
        self.write_waiting()
        self.remove_others()

    def built(self, start: float) -> Built:
        """Return the result of the build, given its start time."""
        problems = (*self.problems, *(Problem(*each) for row in self.rows for each in row["problems"]))
        entries = sum(row["entries"] for row in self.rows)
        return Built(len(self.rows), entries, problems, time.perf_counter() - start, len(self.unread))

    def is_known(self, source: Source) -> bool:
        """Return whether the previous index has the issue of a source unchanged."""
        row = self.known.get(str(source.key))
        return row is not None and row["made_of"] == self.made_of[str(source.key)]

    def take(self, source: Source, issues: Iterator[Read], parsed: Callable[[], Read] | None) -> None:
        """Reuse the issue of a source from the previous index, or add the parsed one or else the next of `issues`."""
        if self.is_known(source):
            self.keep(self.known[str(source.key)])
            return
        self.changed.add(source.key.newsletter)
        issue, problems = parsed() if parsed else self.read(source, issues)
        if issue is None:
            self.problems += problems
        else:
            row = about_issue(issue, source, self.made_of[str(source.key)], problems)
            self.write(row, self.series(source.key.newsletter).take(issue.entries))

    def read(self, source: Source, issues: Iterator[Read]) -> Read:
        """Return the next of `issues`, or the retold issue if reading the source exceeded its limits."""
        try:
            return next(issues)
        except UnreadableSource as error:
            problems = [Problem(where_of(source), 0, str(error).removeprefix(f"{where_of(source)}: "))]
            return retold_in_place_of(source, self.archive, problems), problems

    def keep(self, row: Row) -> None:
        """Keep an issue, unless a change in an earlier one changed the series of its patches."""
        if row["newsletter"] in self.changed:
            entries = self.entries(row)
            bare = tuple(replace(entry, series=None, version=None) for entry in entries)
            joined = self.series(row["newsletter"]).take(bare)
            if joined != entries:
                self.write(row, joined)
                return
            self.waiting.note(row_key(row), entries)
        self.known.pop(row_key(row))
        self.rows.append(row)

    def write(self, row: Row, entries: tuple[Entry, ...]) -> None:
        if self.known.pop(row_key(row), None):
            self.writer.remove(row_key(row))
        if any(entry.series for entry in entries):
            self.recall(row["newsletter"], entries)
            self.waiting.hold(row_key(row), entries)
        else:
            self.writer.add(entries, row)
        self.rows.append(row)

    def write_waiting(self) -> None:
        """Write the issues with series, and again the patches in the previous index that have another outcome now."""
        for newsletter in self.changed:
            self.series(newsletter)  # notes the issues before the first change
        outcomes = self.waiting.outcomes()
        for row in self.rows:
            held = self.waiting.take(row_key(row))
            if held:
                self.writer.add(with_outcomes(held, outcomes), row)
            elif changed := self.waiting.changed(row_key(row), outcomes):
                self.writer.replace(with_outcomes(self.entries(row), outcomes), changed, row)

    def remove_others(self) -> None:
        """Remove the issues whose sources are gone; call it after all sources."""
        for key in self.known:
            self.writer.remove(key)

    def series(self, newsletter: str) -> Series:
        """Return the series of a newsletter in all issues so far, including unchanged ones."""
        if newsletter not in self.known_series:
            same = self.archive.same_series(newsletter)
            all_kept = not any(row["newsletter"] == newsletter for row in self.known.values())
            past = self.past.series(newsletter, same) if self.past and all_kept else None
            if past:
                self.continued.add(newsletter)
            self.known_series[newsletter] = past or self.series_of_rows(newsletter, Series(same))
        return self.known_series[newsletter]

    def series_of_rows(self, newsletter: str, made: Series) -> Series:
        """Return series after noting the unchanged issues so far, which are read from the previous index."""
        for row in self.rows:
            if row["newsletter"] == newsletter:
                entries = self.entries(row)
                made.note(entries)
                self.waiting.note(row_key(row), entries)
        return made

    def recall(self, newsletter: str, entries: Iterable[Entry]) -> None:
        """Note the earlier patches of the series of a new issue, unless all earlier issues were noted."""
        for series in dict.fromkeys(entry.series for entry in entries if entry.series):
            if self.past and newsletter in self.continued and not self.waiting.has(newsletter, series):
                for issue, patch in self.past.patches(newsletter, series):
                    self.waiting.note(issue, [patch])

    def entries(self, row: Row) -> tuple[Entry, ...]:
        """Return the entries of an issue from the previous index."""
        assert self.before
        return self.before.entries_of(row_key(row))


def about_issue(issue: Issue, source: Source, made_of: str, problems: Iterable[Problem]) -> Row:
    """Return the metadata of an issue for the index."""
    return {
        "newsletter": issue.newsletter,
        "number": issue.label,
        "title": issue.title,
        "date": issue.date.isoformat() if issue.date else "",
        "url": issue.url,
        "edition": issue.edition,
        "entries": len(issue.entries),
        "file": source.path.name,
        "made_of": made_of,
        "problems": [[each.where, each.line, each.message] for each in problems],
    }
