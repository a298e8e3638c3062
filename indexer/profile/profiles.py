"""Profiles: the kinds of entries, topics, synonyms and version facet of a field."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from indexer.errors import BadArchive
from indexer.profile.kinds import Kind, Pointer, bare, kind_in, pointers_in
from indexer.profile.tables import load
from indexer.profile.topics import Topic, load_topics
from indexer.profile.versions import VersionFacet, version_facet
from indexer.profile.words import Words, load_words

NEUTRAL = "neutral"
FIRST = "linux"  # the only profile of version 0.1, whose tables were in the archive folder itself
ENUMERATED = re.compile(r",| (?:&|and|und|et|y) |/")  # several things in the name of a section
KEYS = frozenset("name patches bullet item unlinked covers sources version kinds links elsewhere examples".split())


class Example(NamedTuple):
    """A query and what it finds."""

    query: str
    finds: str


@dataclass(frozen=True, slots=True)
class Examples:
    """The examples of pages and help texts: queries by group, fields, and commands.

    `short` are queries without explanations, `start` the commands in the help of the program, `questions` the
    questions on the front page. `things` are names of single resources, such as an author.
    """

    placeholder: str = ""
    fields: str = ""
    short: tuple[str, ...] = ()
    help: dict[str, tuple[Example, ...]] = field(default_factory=dict)
    commands: tuple[tuple[str, str], ...] = ()
    start: tuple[tuple[str, str], ...] = ()
    things: dict[str, str] = field(default_factory=dict)
    questions: tuple[str, ...] = ()


@dataclass(frozen=True)
class Profile:
    """The table of a profile, which describes a field; see archive/README.md.

    `patches` is true if its newsletters list patches. `item`, `bullet` and `unlinked` are default kinds: of a headed
    item, of a bullet with a link, and of one without.
    """

    id: str
    name: str
    kinds: dict[str, Kind]
    pointers: tuple[Pointer, ...] = ()
    version: VersionFacet | None = None
    topics: tuple[Topic, ...] = ()
    words: Words = field(default_factory=Words)
    patches: bool = False
    item: str = "article"
    bullet: str = "article"
    unlinked: str = "note"
    covers: str = ""
    sources: str = ""
    examples: Examples = field(default_factory=Examples)
    elsewhere: dict[str, Any] = field(default_factory=dict)

    def pointed_to(self, url: str) -> str:
        """Return the type of a URL, such as repository or video; "" if no pattern matches."""
        address = bare(url)
        return next((each.what for each in self.pointers if each.pattern.search(address)), "")

    def kind_of_section(self, name: str) -> Kind | None:
        """Return the kind of items in a section of this name. The default kind is tried last.

        If a name lists several things, as in "Articles, Tutorials and Talks", the first decides.
        """
        for part in (ENUMERATED.split(name)[0], name):
            named = [kind for kind in self.kinds.values() if kind.sections and kind.sections.search(part)]
            if named:
                return min(named, key=lambda kind: kind.id == self.bullet)
        return None

    def kind_of_link(self, url: str) -> Kind | None:
        """Return the kind that a link implies, or None."""
        what = self.pointed_to(url) if url else ""
        return next((kind for kind in self.kinds.values() if what and what in kind.links), None)


def load_profile(name: str, find: Callable[[str], Path], base: Profile | None = None) -> Profile:
    """Return a profile with its own links and words, and those of `base`.

    `find` returns the path of a table of the profile. Raises `BadArchive` if the profile is missing or not valid.
    """
    path = find("profile.toml")
    if not path.exists():
        raise BadArchive(f"{path}: There is no profile {name}. Add this file, or name another profile.")
    table = load(path)
    if unknown := table.keys() - KEYS:
        known = ", ".join(sorted(KEYS))
        raise BadArchive(f"{path}: A profile has no key {', '.join(sorted(unknown))}. Its keys are {known}.")
    try:
        return profile_of(name, table, find, base)
    except (KeyError, TypeError, ValueError, AttributeError, re.error) as error:
        raise BadArchive(
            f"{path}: The table is not valid ({type(error).__name__}: {error}). See archive/README.md for its keys."
        ) from error


def profile_of(name: str, table: dict[str, Any], find: Callable[[str], Path], base: Profile | None) -> Profile:
    topics, words = find("topics.toml"), find("words.toml")
    own = load_words(words) if words.exists() else Words()
    declared = table.get("version")
    releases = declared and declared.get("releases")
    plain = {key: table.get(key, getattr(base, key, "")) for key in ("item", "bullet", "unlinked", "covers")}
    return Profile(
        id=name,
        name=table.get("name", name),
        kinds=kinds_of(table.get("kinds", {}), base or NONE),
        pointers=(*pointers_in(table.get("links", {})), *(base or NONE).pointers),
        version=version_facet(declared, find(releases) if isinstance(releases, str) else None) if declared else None,
        topics=load_topics(topics) if topics.exists() else (),
        words=(base or NONE).words + own,
        patches=bool(table.get("patches", False)),
        sources=table.get("sources", ""),
        examples=examples_of(table.get("examples", {})),
        elsewhere=dict(table.get("elsewhere", {})),
        **plain,
    )


def kinds_of(tables: Mapping[str, Any], base: Profile) -> dict[str, Kind]:
    """Return the kinds that a profile declares, or else those of `base`."""
    return {name: kind_in(name, table, base.kinds.get(name)) for name, table in tables.items()} or base.kinds


def examples_of(table: Mapping[str, Any]) -> Examples:
    groups = {
        heading: tuple(Example(query, finds) for query, finds in rows.items())
        for heading, rows in table.get("help", {}).items()
    }
    return Examples(
        table.get("placeholder", ""),
        table.get("fields", ""),
        tuple(table.get("short", ())),
        groups,
        tuple(table.get("commands", {}).items()),
        tuple(table.get("start", {}).items()),
        dict(table.get("things", {})),
        tuple(table.get("questions", ())),
    )


NONE = Profile("", "", {})
