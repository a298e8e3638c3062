"""The index as other programs use it: opened, searched and iterated; and a file divided without it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from copy import deepcopy
from dataclasses import replace
from datetime import date
from os import PathLike
from pathlib import Path
from types import TracebackType
from typing import Self

from indexer.catalog.about import IssueAbout
from indexer.catalog.answers import Page
from indexer.engines.origins import Served, catalog_at
from indexer.model import Entry, Issue, Label
from indexer.query.query import query_of
from indexer.query.tree import ALL, Match
from indexer.sources.archive import Archive
from indexer.sources.files import read_file
from indexer.sources.folders import default_archive, default_data

Value = str | int
Folder = str | PathLike[str]


class Library:
    """The entries of one index; safe to share between threads.

    It answers from the index as it was when it was opened. Close it, or use it in a `with` statement.
    """

    def __init__(self, catalog: Served) -> None:
        self._catalog = catalog

    def __len__(self) -> int:
        """Return the number of entries."""
        return self._catalog.about.entries

    def search(
        self, text: str = "", *, sort: str = "relevance", limit: int = 20, page: int = 1, literal: bool = False,
        fold: bool = True, **filters: Value | Iterable[Value],
    ) -> Page:  # fmt: skip
        """Return a page of hits for a text in the query language, best first, with counts for each filter.

        The filters are those of the page: of the shipped archive `kernel`, `how`, `topic`, `kind`, `section`, `issue`,
        `author`, `tree`, `outcome` and `newsletter`. Each takes a value or several, which are alternatives. `sort` is
        relevance, newest, oldest or the id of a version facet, such as kernel; `literal` takes the words as they are.
        With `fold`, a series of patches is one hit, whose `folded` counts the others; `total` counts entries all the
        same.
        A hit has its `issue`, its `score`, a `snippet`, and its `record`: what `backissue search --json` prints of an
        entry, but with its issue's number in place of what is known of that, and with its `body`, "" where that only
        says the title again. The page has the `total`, and what is to be said of the search as `notices`. The whole of
        an entry is what `entry` returns.

        Raises `BadQuery` for a text or a value outside the bounds, and `TypeError` for a filter that there is not.

        >>> library = open_library()
        >>> page = library.search("bpf_getsockopt", kernel="v4.15", kind=["helper", "talk"], limit=3)
        >>> page.hits[0].record["id"]
        'bpf-updates/13/new-helper-function-bpf-getsockops'
        >>> page.hits[0].record["original_url"]
        'https://cilium.io/blog/2017/11/20/bpf-updates-13/#:~:text=New%20helper%20function%20bpf_getsockops'
        >>> library.search("sockmap", limit=0)
        Traceback (most recent call last):
        indexer.errors.BadQuery: limit=0: Use a number from 1 to 100.
        """
        fields = self._catalog.about.fields
        for name in filters:
            if name not in fields.filters:
                raise TypeError(f"search() has no filter {name!r}. Use one of: {', '.join(fields.filters)}.")
        chosen = {name: list(map(str, several(given))) for name, given in filters.items()}
        query = query_of(text, chosen, fields, sort=sort, limit=limit, page=page, literal=literal, fold=fold)
        found = self._catalog.search(query)
        # The searcher keeps its records; a caller may change what it was given.
        return replace(found, hits=tuple(replace(hit, record=deepcopy(hit.record)) for hit in found.hits))

    def entry(self, entry_id: str) -> Entry:
        """Return the entry with an id, or with what that id became.

        Raises `NotFound` where there is none.

        >>> entry = open_library().entry("bpf-updates/13/new-helper-function-bpf-getsockops")
        >>> [(each.version, each.how) for each in entry.versions]
        [('v4.15', 'issue'), ('v4.15', 'landed')]
        """
        from indexer.views import lookup  # a search does without

        return lookup.entry(self._catalog, entry_id)

    def entries(self, issue: str | None = None) -> Iterator[Entry]:
        """Return an iterator over all entries, or those of an issue (newsletter/number), in reading order.

        Each is read when it is asked for. Raises `NotFound` for an issue that there is not.

        >>> sum(entry.kind == "talk" for entry in open_library().entries("bpf-updates/13"))
        8
        """
        if issue is not None and issue not in self._catalog.about.issues:
            from indexer.views import lookup

            lookup.missing("there is no issue {}", issue, self._catalog.about.issues)
        return self._catalog.find(ALL if issue is None else Match("issue", issue))

    def issues(self) -> tuple[IssueAbout, ...]:
        """Return what is known of each issue, in reading order: newsletter, number, title, date, number of entries.

        >>> open_library().issues()[-1].title
        'BPF Updates 13'
        """
        return tuple(self._catalog.about.issues.values())

    def close(self) -> None:
        """Close the files of the index."""
        self._catalog.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        self.close()


def open_library(data: Folder | None = None, *, engine_url: str | None = None) -> Library:
    """Return the index of a data folder, opened, or that of the cluster whose nodes `engine_url` names.

    The folder is that of `BACKISSUE_DATA` where none is named, else the one that the commands use. Raises
    `IndexMissing` where it holds no index, or one of another version: `backissue index` makes it.

    >>> with open_library() as library:
    ...     len(library) == sum(1 for entry in library.entries())
    True
    >>> open_library("nowhere")
    Traceback (most recent call last):
    indexer.errors.IndexMissing: nowhere...index: There is no index yet. Run backissue index.
    """
    if engine_url:
        from indexer.engines.opensearch.connection import place_of

        return Library(catalog_at(place_of(engine_url)))
    return Library(catalog_at(default_data() if data is None else Path(data)))


def parse_file(
    path: Folder, *, newsletter: str | None = None, label: Label | None = None, day: date | None = None,
    archive: Folder | None = None,
) -> list[Issue]:  # fmt: skip
    """Return the issues in a file (Markdown, HTML, plain text, a feed), divided into entries; no index is needed.

    A feed may have several issues, any other file has one. `newsletter`, `label` and `day` say what the file does
    not say of itself. Section names, topics and facts are those of the `archive` folder, or of the shipped one. What
    was not understood is in an issue's `problems`. Raises `UnreadableSource` where there is no text of an issue,
    `UnknownIssue` where it is not known which issue it is, and `BadArchive` for an archive that cannot be used.

    >>> (issue,) = parse_file("archive/bpf-updates/13.md")
    >>> issue.newsletter, issue.label, issue.entries[-1].kind
    ('bpf-updates', 13, 'patch')
    >>> parse_file("nowhere.md")
    Traceback (most recent call last):
    indexer.errors.UnreadableSource: nowhere.md: The file could not be read (No such file or directory).
    """
    from indexer.build.workers import alone
    from indexer.formats.dates import midnight
    from indexer.ingest import Told, parse  # a search does without

    path = Path(path)
    folder = default_archive() if archive is None else Path(archive)
    told = Told(newsletter, label, midnight(day))
    kept = Archive(folder, default_data())
    return alone(lambda where: parse(read_file(path), where, kept, told), path.name)


def several(given: Value | Iterable[Value]) -> Iterable[Value]:
    return (given,) if isinstance(given, str | int) else given
