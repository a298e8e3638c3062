"""Repositories of patches: their release tags and the URLs of their commits."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Iterable, Mapping, Sequence
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
    update: re.Pattern[str] | None
    marker: re.Pattern[str] | None
    files: tuple[frozenset[str], ...]
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

    def names(self, tag: str) -> bool:
        """Return whether the project gives its releases, candidates or updates tags of this form."""
        others = [each for each in (self.candidate, self.update) if each]
        return self.version_of(tag) is not None or any(each.match(tag) for each in others)

    def marks(self, subject: str) -> tuple[str, bool] | None:
        """Return the tag of the release that a commit made, and whether it is an update; None for other commits."""
        match = self.marker.match(subject) if self.marker else None
        return (f"v{match['number']}", bool(match.groupdict().get("update"))) if match else None

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
        candidate=pattern(table, "candidate"),
        update=pattern(table, "update"),
        marker=pattern(table, "marker"),
        files=tuple(frozenset(names.split()) for names in texts(table, "files")),
        released=days_of(table.get("released", {})),
        follows=str(table.get("follows", "")),
        commit=str(table["commit"]),
        default=bool(table.get("default", False)),
        trees=texts(table, "trees"),
        hosts=texts(table, "hosts"),
        titles=tuple(map(re.compile, texts(table, "titles"))),
    )


def pattern(table: Mapping[str, object], key: str) -> re.Pattern[str] | None:
    return re.compile(str(table[key])) if key in table else None


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


def recognised(
    top: Collection[str], tags: Mapping[str, str], known: Iterable[Repository]
) -> tuple[list[Repository], str]:
    """Return the repositories that a clone may be of, and the kind of evidence. Several mean that it is not certain.

    `top` are the names in the top folder of its tree, and `tags` are the subjects of the commits of its tags. A tool
    that follows the kernel's releases has similar tags, so they decide only if no other evidence does.
    """
    all_known = list(known)
    if by_files := [each for each in all_known if any(names <= set(top) for names in each.files)]:
        return by_files, "files"
    counts = [sum(each.marks(subject) is not None for subject in tags.values()) for each in all_known]
    if any(counts):
        return best(all_known, counts), "release commits"
    return best(all_known, [sum(map(each.names, tags)) for each in all_known]), "tags"


def best(known: Sequence[Repository], counts: Sequence[int]) -> list[Repository]:
    """Return the repositories with the highest count above zero."""
    return [each for each, count in zip(known, counts, strict=True) if count and count == max(counts)]


def version_order(version: str) -> tuple[int, ...]:
    """Return the sort key of a release: the numbers of its version."""
    return tuple(map(int, re.findall(r"\d+", version)))


def commit_url(repository: Repository | None, commit: str) -> str:
    """Return the URL of a commit, or ""."""
    return repository.commit.format(commit) if repository and COMMIT.match(commit) else ""
