"""The index as other programs use it: opened, searched and iterated; and a file divided without it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from copy import deepcopy
from dataclasses import replace
from datetime import date
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
        if issue is not None:
            self._known(issue)
        return self._catalog.find(ALL if issue is None else Match("issue", issue))

    def issues(self) -> tuple[IssueAbout, ...]:
        """Return what is known of each issue, in reading order: newsletter, number, title, date, number of entries.

        >>> open_library().issues()[-1].title
        'BPF Updates 13'
        """
        return tuple(self._catalog.about.issues.values())

    def issue(self, key: str) -> IssueAboutPage:
        """Return an issue (newsletter/number) with its sections, their entries in short, and its neighbours.

        Raises `NotFound` for an issue that there is not.

        >>> about = open_library().issue("bpf-updates/13")
        >>> about.previous, about.issue.entries, about.sections[1].path
        ('bpf-updates/12', 223, ('The highlights since last time',))
        """
        from indexer.views import lookup

        known = self._known(key)
        return lookup.issue(self._catalog, known.newsletter, known.number)

    def versions(self, facet: str | None = None) -> tuple[VersionCount, ...]:
        """Return the versions that entries have, with how many have them and how that is known.

        `facet` is the id of a version facet, such as "kernel"; without it, the archive's first. An archive without a
        version facet has no versions.

        >>> [each.version for each in open_library().versions()][:3]
        ['v4.16', 'v4.15', 'v4.14']
        """
        from indexer.views.versions import versions

        named = self._facet(facet)
        return versions(self._catalog, named) if named else ()

    def version(self, version: str, facet: str | None = None) -> VersionAbout:
        """Return what is known of a version: when it was released, what landed in it, and which entries are of it.

        Raises `NotFound` for a version or a facet that there is not.

        >>> about = open_library().version("4.15")
        >>> about.version, about.released, [(each.how, each.count) for each in about.known][:2]
        ('v4.15', '2018-01-28', [('stated', 1), ('landed', 20)])
        """
        from indexer.views import lookup

        return lookup.version(self._catalog, self._facet(facet), version)

    def identifiers(self, text: str = "") -> Sequence[NameCount]:
        """Return the names in code that contain a text, the most mentioned first; all of them without a text.

        Each is looked up when it is asked for.

        >>> [(each.name, each.version) for each in open_library().identifiers("sockm")]
        [('BPF_MAP_TYPE_SOCKMAP', 'v4.14'), ('sockmap_get_from_fd', None)]
        """
        from indexer.views.identifiers import names_like

        return names_like(self._catalog, text)

    def identifier(self, name: str) -> NameAbout:
        """Return what a name in code is, in any of its spellings: where it landed, and which entries mention it.

        Raises `NotFound` for a name that is not known, with the nearest.

        >>> about = open_library().identifier("bpf_getsockops")
        >>> about.name, about.kind, about.version, about.commit
        ('bpf_getsockopt', 'helper', 'v4.15', 'cd86d1fd2102')
        """
        from indexer.views import lookup

        return lookup.name(self._catalog, name)

    def all_series(self) -> Sequence[SeriesCount]:
        """Return all series of patches, by their ids; each is looked up when it is asked for.

        >>> max(open_library().all_series(), key=lambda each: each.entries).subject
        'bpf: rewrite value tracking in verifier'
        """
        from indexer.views.series import all_series

        return all_series(self._catalog)

    def series(self, series_id: str) -> SeriesAbout:
        """Return a series of patches: its versions, their patches, and what became of them.

        Raises `NotFound` for a series that there is not.

        >>> about = open_library().series("bpf-rewrite-value-tracking-in-verifier-edward-cree")
        >>> about.result.outcome, about.result.release, [each.version for each in about.versions]
        ('merged', 'v4.14', [1, 3, 5])
        """
        from indexer.views import lookup

        return lookup.series(self._catalog, series_id)

    def _known(self, key: str) -> IssueAbout:
        """Return what the index says of an issue. Raises `NotFound`."""
        issues = self._catalog.about.issues
        if key not in issues:
            from indexer.views import lookup

            lookup.missing("There is no issue {}.", key, issues)
        return issues[key]

    def _facet(self, facet: str | None) -> str:
        """Return the id of a version facet, that of the first one where none is named, "" where there is none."""
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
