"""Repositories of patches: their release tags and the URLs of their commits."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from indexer.errors import BadArchive

COMMIT = re.compile(r"^[0-9a-f]{8,40}$")


@dataclass(frozen=True, slots=True)
class Repository:
    """A project's repository, from repositories.toml."""

    id: str
    name: str
    release: re.Pattern[str]
    candidate: re.Pattern[str] | None
    commit: str
    default: bool
    trees: tuple[str, ...]
    hosts: tuple[str, ...]
    titles: tuple[re.Pattern[str], ...]

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
        release=re.compile(str(table["release"])),
        candidate=re.compile(str(table["candidate"])) if "candidate" in table else None,
        commit=str(table["commit"]),
        default=bool(table.get("default", False)),
        trees=texts(table, "trees"),
        hosts=texts(table, "hosts"),
        titles=tuple(map(re.compile, texts(table, "titles"))),
    )


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
    return next((each for each in known if any(map(each.release.match, names))), None)


def version_order(version: str) -> tuple[int, ...]:
    """Return the sort key of a release: the numbers of its version."""
    return tuple(map(int, re.findall(r"\d+", version)))


def commit_url(repository: Repository | None, commit: str) -> str:
    """Return the URL of a commit, or ""."""
    return repository.commit.format(commit) if repository and COMMIT.match(commit) else ""
