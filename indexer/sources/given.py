"""Expand the files, folders, patterns and URLs that a user names, and read their contents."""

from __future__ import annotations

import glob
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from indexer.errors import UnreadableSource
from indexer.model import LARGEST_OF_SEVERAL
from indexer.sources.archive import SUFFIXES
from indexer.sources.downloader import Downloader
from indexer.sources.exports import completed, is_draft
from indexer.sources.files import listed, read_file

ADDRESS = ("http://", "https://")
FEEDS = (".rss", ".atom", ".rdf")  # found in folders like other files; stored as one page per item
JSON_FEED = re.compile(r"(?:^feed|\.ghost\b.*)\.json$", re.I)  # also of an export of Ghost
# Folders and files of a site's repository that contain no issues.
NO_ISSUES = frozenset(
    "node_modules vendor dist build themes theme layouts layout includes templates template archetypes drafts static "
    "assets public site sass cache data plugins i18n scripts images img css js fonts".split()
)
ABOUT_FILES = re.compile(
    r"^(?:readme|license|licence|contributing|changelog|code[-_]of[-_]conduct|template|security|authors|todo|404|package"
    r"|package-lock|tsconfig|manifest|sitemap|robots|requirements|search)(?:[-_.].*)?$",
    re.I,
)
HIDDEN = (".", "_")
POSTS = "_posts"


@dataclass(frozen=True, slots=True)
class Given:
    """A file or URL that the user named.

    `name` is the path below the named folder; for a single file or a URL, it is what the user typed.
    """

    where: str
    name: str


def is_address(text: str) -> bool:
    return text.lower().startswith(ADDRESS)


def given_by(texts: Iterable[str], endings: Iterable[str] = ()) -> Iterator[Given]:
    """Yield the files and URLs for the arguments of a command: files, URLs, folders and glob patterns.

    A folder yields its files of known formats, except hidden ones and the usual files of a project that are not issues
    (README, LICENSE, themes). If it has none of a known format, it yields the others, which are then refused by name.
    `endings` replaces the known suffixes. Raises `BadArchive` if the folder cannot be listed.
    """
    for text in texts:
        path = Path(text)
        if is_address(text) or path.is_file():
            yield Given(text, shown(text))
        elif path.is_dir():
            listed(path)  # raises `BadArchive` if that is forbidden; rglob would find nothing
            yield from in_folder(path, tuple(endings))
        elif found := sorted(glob.glob(text, recursive=True)):  # noqa: PTH207  Path's takes no absolute patterns
            for each in found:
                is_usual = Path(each).is_file() or Path(each).is_dir()  # not a device, which a pattern finds as itself
                yield from given_by([each], endings) if is_usual else [Given(each, shown(each))]
        else:
            yield Given(text, shown(text))


def shown(name: str) -> str:
    """Return the name of a file with bytes that are not UTF-8 replaced, so that it can be stored."""
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def in_folder(folder: Path, endings: tuple[str, ...]) -> list[Given]:
    """Return the files of a folder that may be issues: those of known formats, or all if none is of a known format."""
    files = [path for path in sorted(folder.rglob("*")) if path.is_file() and is_issue(path.relative_to(folder))]
    known = [path for path in files if is_known(path, endings)]
    found = known if known or endings else files
    return [Given(str(path), shown(path.relative_to(folder).as_posix())) for path in found if not is_draft(path)]


def is_known(path: Path, endings: tuple[str, ...]) -> bool:
    if path.suffix.lower() in (endings or (*SUFFIXES, *FEEDS)):
        return True
    return not endings and JSON_FEED.search(path.name) is not None


def is_issue(path: Path) -> bool:
    """Return whether a file can be an issue, judged by its path below the named folder."""
    if any(part.casefold().lstrip("_") in NO_ISSUES for part in path.parts[:-1]):
        return False
    if any(part.startswith(HIDDEN) and part != POSTS for part in path.parts[:-1]):
        return False
    if path.name.startswith(HIDDEN):
        return path.stem == "_index"
    numbered = any(re.search(r"\d", part) for part in path.parts[:-1])
    return numbered or not ABOUT_FILES.match(path.stem)


def content_of(given: Given, downloader: Downloader) -> bytes:
    """Return the contents of a file or URL. Raises `UnreadableSource` and `FetchFailed`."""
    if is_address(given.where):
        return downloader.download(given.where)[0] or b""
    path = Path(given.where)
    if not path.exists() and any(sign in given.where for sign in "*?["):
        raise UnreadableSource(f"{given.where}: No file matches this pattern.")
    return completed(path, read_file(path, most=LARGEST_OF_SEVERAL))
