"""The version facet of a profile: the form of its versions, how they are recognised, and their release dates."""

from __future__ import annotations

import re
from collections.abc import Container
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from indexer.errors import BadArchive
from indexer.model import Release
from indexer.profile.tables import rows

NOTHING = re.compile(r"(?!)")
GOES_ON = re.compile(r"^\s*(?:-|–|to|through|\.\.|and|or|,|/|, and)\s*$")
# The word before a version: a name, optionally followed by "version" or "release".
NAME_BEFORE = re.compile(r"(?P<name>[A-Za-z][\w.+-]*)(?:'s)?(?:[\s:]+(?:releases?|versions?))?[\s:]*$")
AROUND = 60  # characters of context that decide whether a number is a version
ID = re.compile(r"^[a-z][a-z0-9]{1,19}$")
# Names already used in queries, URLs, options or the JSON of entries.
TAKEN = frozenset(
    "newsletter issue n id kind title url author people section parent body identifiers helpers names outcome topic "
    "topics locator tree series version versions how line links source before after q sort limit page literal fold "
    "explain archive data json fields query entry feature go api help about search name".split()
)


@dataclass(frozen=True)
class VersionFacet:
    """A version facet: `id` is its option, its URL parameter and its JSON key; see archive/README.md for its keys.

    A version is written with `prefix` and counts with `parts` numbers: v4.15.3 belongs to v4.15.
    """

    id: str
    label: str
    noun: str
    plural: str
    title: str
    about: str
    prefix: str = ""
    parts: int = 2
    names: tuple[str, ...] = ()
    own: tuple[str, ...] = ()
    examples: tuple[str, ...] = ()
    release_url: str = ""
    during: tuple[str, ...] = ()
    pattern: re.Pattern[str] = NOTHING
    before: re.Pattern[str] = NOTHING
    after: re.Pattern[str] = NOTHING
    releases: tuple[Release, ...] = ()

    def stated(self, text: str, products: Container[str] = ()) -> list[tuple[str, str]]:
        """Return the versions stated in a text, each with the words that state it.

        Only released versions count. `products` are the names of other software, in lower case.
        """
        known = {release.version for release in self.releases}
        found: dict[str, str] = {}
        end = others_end = -1
        for match in self.pattern.finditer(text):
            version = self.prefix + match["version"].replace("-", ".")
            if version not in known:
                continue
            before = text[max(0, match.start() - AROUND) : match.start()]
            after = text[match.end() : match.end() + AROUND]
            if self.is_of_other(before, products) or (others_end >= 0 and goes_on(text, others_end, match.start())):
                others_end = match.end()
                continue
            sure = match["sure"] or match["candidate"] or (end >= 0 and goes_on(text, end, match.start()))
            if sure or self.before.search(before) or self.after.match(after):
                found.setdefault(version, match[0])
                end = match.end()
        return list(found.items())

    def is_of_other(self, before: str, products: Container[str]) -> bool:
        """Return whether the word before a version is the name of other software: a known one, or like OpenSSH."""
        match = NAME_BEFORE.search(before)
        if match is None or match["name"].casefold() in self.own:
            return False
        return match["name"].casefold() in products or any(letter.isupper() for letter in match["name"][1:])

    def in_development(self, day: date) -> str | None:
        """Return the first version released after a day; None after the last one."""
        return next((each.version for each in self.releases if each.released >= day), None)


def goes_on(text: str, start: int, end: int) -> bool:
    """Return whether a list or range of versions continues between two positions."""
    return GOES_ON.match(text[start:end]) is not None


def version_facet(table: dict[str, Any], releases: Path | None) -> VersionFacet:
    """Return the facet of a profile's table. `releases` is the file of releases, unless `table` contains them.

    Raises `KeyError`, `TypeError` and `re.error` for an invalid table, `BadArchive` for invalid releases.
    """
    name = table["id"]
    if not ID.match(name) or name in TAKEN:
        raise KeyError(f"version.id {name!r}: use 2 to 20 lower-case letters and digits, and no name of another field")
    title = table.get("title", table["label"] + " {version}")
    return VersionFacet(
        id=name,
        label=table["label"],
        noun=table.get("noun", table["label"]),
        plural=table.get("plural", name),
        title=title,
        about=table.get("about", title),
        prefix=table.get("prefix", ""),
        parts=int(table.get("parts", 2)),
        release_url=table.get("release_url", ""),
        pattern=re.compile(table.get("pattern", plain_pattern(table))),
        releases=load_releases(releases) if releases else releases_in(table.get("releases", {})),
        names=tuple(table.get("names", (name,))),
        own=tuple(table.get("own", (name,))),
        examples=tuple(table.get("examples", ())),
        during=tuple(table.get("during", ())),
        before=around(table, "before"),
        after=around(table, "after"),
    )


def around(table: dict[str, Any], key: str) -> re.Pattern[str]:
    """Return the pattern of the words before or after a number that make it a version."""
    return re.compile(table[key], re.I) if key in table else NOTHING


def plain_pattern(table: dict[str, Any]) -> str:
    """Return the default pattern of versions: the prefix, and numbers separated by dots.

    A number with the prefix is certainly a version. Without a prefix, the words around it decide.
    """
    prefix, numbers = re.escape(table.get("prefix", "")), r"\.".join([r"\d{1,4}"] * int(table.get("parts", 2)))
    sure = f"(?P<sure>{prefix})" if prefix else "(?P<sure>(?!))?"
    return (
        rf"(?<![\w.-]){sure}?(?P<version>{numbers})(?:\.\d+)*+(?P<candidate>-(?:alpha|beta|rc)[.\d]*)?(?![\w.]*\d|\.\w)"
    )


def releases_in(table: dict[str, Any]) -> tuple[Release, ...]:
    """Return the releases in a profile's table: dates by version."""
    if not all(type(day) is date for day in table.values()):
        raise TypeError("version.releases needs a date for each version, such as 2021-02-11")
    return in_order(Release(version, day) for version, day in table.items())


def load_releases(path: Path) -> tuple[Release, ...]:
    """Return the releases of a file with the columns `version`, `released` and optionally `rc1`.

    Releases without a date are left out.
    """
    try:
        return in_order(
            Release(row["version"], date.fromisoformat(row["released"]), day_in(row.get("rc1", "")))
            for row in rows(path, "version", "released")
            if row["released"]
        )
    except ValueError as error:
        raise BadArchive(f"{path}: A release needs a version and a release date ({error}).") from error


def in_order(found: Any) -> tuple[Release, ...]:
    return tuple(sorted(found, key=lambda release: release.released))


def day_in(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
