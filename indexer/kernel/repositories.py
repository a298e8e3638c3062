"""Repositories of patches: their release tags and the URLs of their commits."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from urllib.parse import urlsplit

from indexer.errors import BadArchive

# A project that follows the kernel's releases has made its own by then.
SOON_AFTER = timedelta(days=60)
COMMIT = re.compile(r"^[0-9a-f]{8,40}$")


@dataclass(frozen=True, slots=True)
class Repository:
    """A project's repository, from repositories.toml."""

    id: str
    name: str
    release: tuple[re.Pattern[str], ...]
    candidate: re.Pattern[str] | None
    marker: re.Pattern[str] | None
    released: Mapping[str, date]
    follows: str
    commit: str
    default: bool
    trees: tuple[str, ...]
    hosts: tuple[str, ...]
    titles: tuple[re.Pattern[str], ...]

    def version_of(self, tag: str) -> str | None:
        """Return the version of a release from its tag; None for another tag."""
        match = next(filter(None, (each.match(tag) for each in self.release)), None)
        if match is None:
            return None
        named = match.groupdict()
        return named["version"] if "version" in named else f"{named['major']}.{named['minor']}.0"

    def days(self, kernel: Mapping[str, date]) -> dict[str, date]:
        """Return the days of the known releases; `kernel` are those of the kernel."""
        if self.default:
            return dict(kernel)
        following = {self.follows.format(version): day + SOON_AFTER for version, day in kernel.items()}
        return {**(following if self.follows else {}), **self.released}

    def holds(self, tree: str | None, url: str | None, words: str) -> bool:
        """Return whether a patch is for this repository, by its tree, URL or subject."""
        host = urlsplit(url or "").netloc.removeprefix("www.")
        return tree in self.trees or host in self.hosts or any(title.search(words) for title in self.titles)


def load_repositories(path: Path) -> dict[str, Repository]:
    """Return the repositories by id. Raises `BadArchive` for an invalid file."""
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
        return {name: repository(name, table) for name, table in tables.items()}
    except (KeyError, TypeError, ValueError, re.error) as error:
        raise BadArchive(f"{path}: {type(error).__name__}: {error}. See its first lines for the keys.") from error


def repository(name: str, table: Mapping[str, object]) -> Repository:
    return Repository(
        id=name,
        name=str(table["name"]),
        release=tuple(map(re.compile, texts(table, "release"))),
        candidate=re.compile(str(table["candidate"])) if "candidate" in table else None,
        marker=re.compile(str(table["marker"])) if "marker" in table else None,
        released=days_of(table.get("released", {})),
        follows=str(table.get("follows", "")),
        commit=str(table["commit"]),
        default=bool(table.get("default", False)),
        trees=texts(table, "trees"),
        hosts=texts(table, "hosts"),
        titles=tuple(map(re.compile, texts(table, "titles"))),
    )


def days_of(table: object) -> dict[str, date]:
    if not isinstance(table, Mapping) or not all(isinstance(day, date) for day in table.values()):
        raise TypeError("released is not a table of dates")
    return {str(version): day for version, day in table.items()}


def texts(table: Mapping[str, object], key: str) -> tuple[str, ...]:
    values = table.get(key, ())
    if not isinstance(values, list | tuple):
        raise TypeError(f"{key} is not a list")
    return tuple(map(str, values))


def repository_of(tree: str | None, url: str | None, words: str, known: Iterable[Repository]) -> str:
    """Return the id of the repository that a patch is for, or ""."""
    all_known = list(known)
    named = next((each for each in all_known if each.holds(tree, url, words)), None)
    found = named or next((each for each in all_known if each.default), None)
    return found.id if found else ""


def of_tags(tags: Iterable[str], known: Iterable[Repository]) -> Repository | None:
    """Return the repository whose release tags match, or None."""
    names = list(tags)
    return next((each for each in known if any(map(each.version_of, names))), None)


def version_order(version: str) -> tuple[int, ...]:
    """Return the sort key of a release: the numbers of its version."""
    return tuple(map(int, re.findall(r"\d+", version)))


def commit_url(repository: Repository | None, commit: str) -> str:
    """Return the URL of a commit, or ""."""
    return repository.commit.format(commit) if repository and COMMIT.match(commit) else ""
