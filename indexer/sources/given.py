"""The files and addresses that a user names: folders are walked, patterns expanded, addresses downloaded."""

from __future__ import annotations

import glob
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from indexer.errors import UnreadableSource
from indexer.model import LARGEST_OF_SEVERAL
from indexer.sources.archive import SUFFIXES
from indexer.sources.downloads import Downloader
from indexer.sources.files import read_file

ADDRESS = ("http://", "https://")
FEEDS = (".rss", ".atom", ".rdf")  # read from folders, and kept as pages of their items
JSON_FEED = "feed.json"
# Folders and files of a site's repository that hold no issues.
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
    """A file or an address that a user named.

    `name` is its path from the folder that was named, the address, or for a file its path as given.
    """

    where: str
    name: str


def is_address(text: str) -> bool:
    return text.lower().startswith(ADDRESS)


def given_by(texts: Iterable[str], endings: Iterable[str] = ()) -> Iterator[Given]:
    """Yield the files and addresses that some texts name: each itself, a folder's files, what fits a pattern.

    Of a folder, files of the formats that are read are taken; hidden ones, and those that every project has beside
    its issues (README, LICENSE, themes), are passed over. `endings` narrows them further.
    """
    for text in texts:
        path = Path(text)
        if is_address(text) or path.is_file():
            yield Given(text, text)
        elif path.is_dir():
            yield from in_folder(path, tuple(endings))
        elif found := sorted(glob.glob(text, recursive=True)):  # noqa: PTH207  Path's takes no absolute patterns
            yield from given_by(found, endings)
        else:
            yield Given(text, text)


def in_folder(folder: Path, endings: tuple[str, ...]) -> Iterator[Given]:
    for path in sorted(folder.rglob("*")):
        inside = path.relative_to(folder)
        known = path.suffix.lower() in (endings or (*SUFFIXES, *FEEDS)) or (path.name == JSON_FEED and not endings)
        if path.is_file() and known and is_issue(inside):
            yield Given(str(path), inside.as_posix())


def is_issue(path: Path) -> bool:
    """Return whether a file of a folder can hold an issue, by its place and name."""
    if any(part.casefold().lstrip("_") in NO_ISSUES for part in path.parts[:-1]):
        return False
    if any(part.startswith(HIDDEN) and part != POSTS for part in path.parts[:-1]):
        return False
    if path.name.startswith(HIDDEN):
        return path.stem == "_index"
    numbered = any(re.search(r"\d", part) for part in path.parts[:-1])
    return numbered or not ABOUT_FILES.match(path.stem)


def content_of(given: Given, downloader: Downloader) -> bytes:
    """Return the bytes of a file or an address; raises `UnreadableSource` and `FetchFailed`."""
    if is_address(given.where):
        return downloader.download(given.where)[0] or b""
    path = Path(given.where)
    if not path.exists() and any(sign in given.where for sign in "*?["):
        raise UnreadableSource(f"{given.where}: No file fits this pattern.")
    return read_file(path, most=LARGEST_OF_SEVERAL)
