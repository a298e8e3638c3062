"""The Python API: open an index, search and iterate it, or divide a file without an index."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from functools import lru_cache
from os import PathLike
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from indexer.catalog.about import IssueAbout
from indexer.catalog.answers import Page
from indexer.engines.origins import Served, catalog_at
from indexer.model import Entry, Issue, Label
from indexer.query.query import query_of
from indexer.query.tree import ALL, Match
from indexer.records import copied
from indexer.sources.archive import Archive
from indexer.sources.files import read_file
from indexer.sources.folders import default_archive, default_data

if TYPE_CHECKING:  # a search does without: each is loaded with the method that returns it
    from indexer.views.identifiers import NameAbout, NameCount
    from indexer.views.issues import IssueAboutPage
    from indexer.views.series import SeriesAbout, SeriesCount
    from indexer.views.versions import VersionAbout, VersionCount

Value = str | int
Folder = str | PathLike[str]


class Library:
    """The entries of one index. Threads can share it.

    It keeps using the generation of the index that it opened. Close it, or use it in a `with` statement.
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

        The shipped archive has the filters `kernel`, `how`, `topic`, `kind`, `section`, `issue`, `author`, `tree`,
        `outcome` and `newsletter`. Each takes one value, or several as alternatives. `sort` is relevance, newest,
        oldest or the id of a version facet, such as kernel. `literal` turns off corrections, synonyms and inferred
        filters. With `fold`, a series of patches is one hit, and its `folded` counts the other patches.

        A hit has an `issue`, a `score`, a `snippet` and a `record`. The record has the keys of
        `backissue search --json`, except that `issue` is only the number, and `body` is "" if it only repeats the
        title. The page's `total` is the number of entries, including folded ones, and its `notices` say how the query
        was interpreted. Use `entry` for a complete entry.

        Raises `BadQuery` for a text or value beyond the limits, and `TypeError` for an unknown filter.

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
        # The searcher caches its records, and callers may modify theirs.
        return replace(found, hits=tuple(replace(hit, record=copied(hit.record)) for hit in found.hits))

    def entry(self, entry_id: str) -> Entry:
        """Return the entry with an id. A redirected id returns the entry that it leads to.

        Raises `NotFound` for an unknown id.

        >>> entry = open_library().entry("bpf-updates/13/new-helper-function-bpf-getsockops")
        >>> [(each.version, each.how) for each in entry.versions]
        [('v4.15', 'issue'), ('v4.15', 'landed')]
        """
        from indexer.views import lookup  # a search does without

        return lookup.entry(self._catalog, entry_id)

    def entries(self, issue: str | None = None) -> Iterator[Entry]:
        """Return an iterator over all entries, or those of an issue (newsletter/number), in reading order.

        Entries are read lazily. Raises `NotFound` for an unknown issue.

        >>> sum(entry.kind == "talk" for entry in open_library().entries("bpf-updates/13"))
        8
        """
        if issue is not None:
            self._known(issue)
        return self._catalog.find(ALL if issue is None else Match("issue", issue))

    def issues(self) -> tuple[IssueAbout, ...]:
        """Return the newsletter, number, title, date and number of entries of each issue, in reading order.

        >>> open_library().issues()[-1].title
        'BPF Updates 13'
        """
        return tuple(self._catalog.about.issues.values())

    def issue(self, key: str) -> IssueAboutPage:
        """Return an issue (newsletter/number): its sections with short entries, and the previous and next issue.

        Raises `NotFound` for an unknown issue.

        >>> about = open_library().issue("bpf-updates/13")
        >>> about.previous, about.issue.entries, about.sections[1].path
        ('bpf-updates/12', 223, ('The highlights since last time',))
        """
        from indexer.views import lookup

        known = self._known(key)
        return lookup.issue(self._catalog, known.newsletter, known.number)

    def versions(self, facet: str | None = None) -> tuple[VersionCount, ...]:
        """Return the versions that entries have, with their numbers of entries by evidence.

        `facet` is the id of a version facet, such as "kernel"; the default is the archive's first one. The result is
        empty if the archive has no version facet.

        >>> [each.version for each in open_library().versions()][:3]
        ['v4.16', 'v4.15', 'v4.14']
        """
        from indexer.views.versions import versions

        named = self._facet(facet)
        return versions(self._catalog, named) if named else ()

    def version(self, version: str, facet: str | None = None) -> VersionAbout:
        """Return a version: its release date, what landed in it, and its entries.

        Raises `NotFound` for an unknown version or facet.

        >>> about = open_library().version("4.15")
        >>> about.version, about.released, [(each.how, each.count) for each in about.known][:2]
        ('v4.15', '2018-01-28', [('stated', 1), ('landed', 20)])
        """
        from indexer.views import lookup

        return lookup.version(self._catalog, self._facet(facet), version)

    def identifiers(self, text: str = "") -> Sequence[NameCount]:
        """Return the identifiers that contain a text, or all of them, those with the most mentions first.

        Each is looked up lazily.

        >>> [(each.name, each.version) for each in open_library().identifiers("sockm")]
        [('BPF_MAP_TYPE_SOCKMAP', 'v4.14'), ('sockmap_get_from_fd', None)]
        """
        from indexer.views.identifiers import names_like

        return names_like(self._catalog, text)

    def identifier(self, name: str) -> NameAbout:
        """Return an identifier in any of its spellings: its kind, the version it landed in, and its mentions.

        Raises `NotFound` with similar names for an unknown one.

        >>> about = open_library().identifier("bpf_getsockops")
        >>> about.name, about.kind, about.version, about.commit
        ('bpf_getsockopt', 'helper', 'v4.15', 'cd86d1fd2102')
        """
        from indexer.views import lookup

        return lookup.name(self._catalog, name)

    def all_series(self) -> Sequence[SeriesCount]:
        """Return all series of patches, ordered by id. Each is looked up lazily.

        >>> max(open_library().all_series(), key=lambda each: each.entries).subject
        'bpf: rewrite value tracking in verifier'
        """
        from indexer.views.series import all_series

        return all_series(self._catalog)

    def series(self, series_id: str) -> SeriesAbout:
        """Return a series of patches: its versions, their patches, and its outcome.

        Raises `NotFound` for an unknown series.

        >>> about = open_library().series("bpf-rewrite-value-tracking-in-verifier-edward-cree")
        >>> about.result.outcome, about.result.release, [each.version for each in about.versions]
        ('merged', 'v4.14', [1, 3, 5])
        """
        from indexer.views import lookup

        return lookup.series(self._catalog, series_id)

    def _known(self, key: str) -> IssueAbout:
        """Return an issue's key figures from the index. Raises `NotFound` for an unknown issue."""
        issues = self._catalog.about.issues
        if key not in issues:
            from indexer.views import lookup

            lookup.missing("There is no issue {}.", key, issues)
        return issues[key]

    def _facet(self, facet: str | None) -> str:
        """Return the id of a version facet: the given one, else the archive's first, else ""."""
        return facet or next(iter(self._catalog.about.versions), "")

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
    """Open the index in a data folder, or in the cluster with the nodes in `engine_url`.

    The default folder is `BACKISSUE_DATA`, or else the one that the commands use. Raises `IndexMissing` if it has no
    index, or one of another version. Run `backissue index` to build one.

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
    """Return the issues in a file (Markdown, HTML, plain text, feed), divided into entries. No index is needed.

    A feed or mailbox can contain several issues, any other file contains one. Give `newsletter`, `label` and `day` if
    the file does not contain them. Section names, topics and facts come from the `archive` folder, or from the shipped
    archive. An issue's `problems` list what was not understood. Raises `UnreadableSource` if the file has no issue
    text, `UnknownIssue` if it does not say which issue it is, and `BadArchive` if the archive is not valid.

    >>> (issue,) = parse_file("archive/bpf-updates/13.md")
    >>> issue.newsletter, issue.label, issue.entries[-1].kind
    ('bpf-updates', 13, 'patch')
    >>> parse_file("nowhere.md")
    Traceback (most recent call last):
    indexer.errors.UnreadableSource: nowhere.md: The file could not be read (No such file or directory).
    """
    from indexer.build.workers import in_worker
    from indexer.formats.dates import midnight
    from indexer.ingest import Hints, parse  # a search does without
    from indexer.sources.tables import state_of_tables

    path = Path(path)
    folder = default_archive() if archive is None else Path(archive)
    hints = Hints(newsletter, label, midnight(day))
    given = Archive(folder, default_data())
    kept = with_tables(given, state_of_tables(given))
    return in_worker(lambda where: parse(read_file(path), where, kept, hints), path.name)


@lru_cache(maxsize=4)
def with_tables(archive: Archive, state: Hashable) -> Archive:
    """Return an archive whose tables are read. They are read again only if their state has changed."""
    for newsletter in archive.newsletters.values():
        archive.facts_of(archive.profile(newsletter.profile))
    _ = archive.rewrites, archive.corrections
    return archive


def several(given: Value | Iterable[Value]) -> Iterable[Value]:
    return (given,) if isinstance(given, str | int) else given
