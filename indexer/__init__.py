"""backissue: a searchable knowledge base of a newsletter's back issues.

`open_library` opens an index to search and iterate it, `parse_file` divides a file into entries. The other names are
the types they return and raise. Each is imported on first use, so `import indexer` stays cheap.
"""

TYPE_CHECKING = False  # as in typing, without its cost
if TYPE_CHECKING:
    from indexer.catalog.about import IssueAbout
    from indexer.catalog.answers import Hit, Page
    from indexer.errors import (
        BackissueError,
        BadArchive,
        BadQuery,
        IndexMissing,
        NotFound,
        UnknownIssue,
        UnreadableSource,
    )
    from indexer.library import Library, open_library, parse_file
    from indexer.model import Entry, Issue, Link, Name, Problem, Version
    from indexer.views.identifiers import NameAbout, NameCount
    from indexer.views.issues import IssueAboutPage
    from indexer.views.series import SeriesAbout, SeriesCount
    from indexer.views.versions import VersionAbout, VersionCount

__version__ = "0.2.0"

PLACES = {
    "indexer.library": ("Library", "open_library", "parse_file"),
    "indexer.model": ("Entry", "Issue", "Version", "Link", "Name", "Problem"),
    "indexer.catalog.answers": ("Hit", "Page"),
    "indexer.catalog.about": ("IssueAbout",),
    "indexer.views.identifiers": ("NameAbout", "NameCount"),
    "indexer.views.issues": ("IssueAboutPage",),
    "indexer.views.series": ("SeriesAbout", "SeriesCount"),
    "indexer.views.versions": ("VersionAbout", "VersionCount"),
    "indexer.errors": (
        "BackissueError", "BadArchive", "BadQuery", "IndexMissing", "NotFound", "UnknownIssue", "UnreadableSource",
    ),
}  # fmt: skip
__all__ = [
    "BackissueError",
    "BadArchive",
    "BadQuery",
    "Entry",
    "Hit",
    "IndexMissing",
    "Issue",
    "IssueAbout",
    "IssueAboutPage",
    "Library",
    "Link",
    "Name",
    "NameAbout",
    "NameCount",
    "NotFound",
    "Page",
    "Problem",
    "SeriesAbout",
    "SeriesCount",
    "UnknownIssue",
    "UnreadableSource",
    "Version",
    "VersionAbout",
    "VersionCount",
    "__version__",
    "open_library",
    "parse_file",
]  # fmt: skip


def __getattr__(name: str) -> object:
    """Import a name of `__all__` on first use."""
    place = next((place for place, names in PLACES.items() if name in names), None)
    if place is None:
        message = f"module 'indexer' has no attribute {name!r}"
        raise AttributeError(message)
    from importlib import import_module

    found = globals()[name] = getattr(import_module(place), name)
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
