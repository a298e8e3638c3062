"""The profiles of an archive as its index has them: kinds, the version facet with its releases, and examples."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from indexer.model import Release
from indexer.query.fields import VersionForm


@dataclass(frozen=True, slots=True)
class KindAbout:
    """A kind of entries: its plural, the weights of its entries, its style on a terminal.

    If `reading` is true, its entries change nothing, so the version of their date is not theirs.
    """

    id: str
    label: str
    weight: float
    change: float
    style: str
    reading: bool = False


@dataclass(frozen=True)
class VersionsAbout:
    """A version facet: its id, its labels (`noun` is used in sentences), and its releases, oldest first.

    `prefix` and `parts` describe the form of its versions.
    """

    id: str
    label: str
    noun: str
    plural: str
    title: str
    about: str
    prefix: str
    parts: int
    names: tuple[str, ...]
    examples: tuple[str, ...]
    release_url: str
    releases: Mapping[str, Release]

    @property
    def form(self) -> VersionForm:
        """The form of its versions in a query."""
        return VersionForm(self.id, self.prefix, self.parts)


@dataclass(frozen=True, slots=True)
class ExamplesAbout:
    """The examples of a profile for pages and help texts; see `indexer.profile.profiles.Examples`."""

    placeholder: str
    fields: str
    short: tuple[str, ...]
    help: Mapping[str, tuple[tuple[str, str], ...]]
    commands: tuple[tuple[str, str], ...]
    start: tuple[tuple[str, str], ...]
    things: Mapping[str, str]
    questions: tuple[str, ...] = ()


@dataclass(frozen=True)
class ProfileAbout:
    """A profile: its kinds, its version facet, whether its issues list patches, and its words for pages.

    `elsewhere` are URL templates of external pages about names in its entries.
    """

    id: str
    name: str
    patches: bool
    covers: str
    sources: str
    elsewhere: Mapping[str, Any]
    kinds: tuple[KindAbout, ...]
    versions: VersionsAbout | None
    examples: ExamplesAbout


def profile_about(row: Mapping[str, Any]) -> ProfileAbout:
    """Return a profile by its object in the index."""
    plain = {name: row[name] for name in ("id", "name", "patches", "covers", "sources", "elsewhere")}
    kinds = tuple(KindAbout(**each) for each in row["kinds"])
    versions = versions_about(row["versions"]) if row["versions"] else None
    return ProfileAbout(**plain, kinds=kinds, versions=versions, examples=examples_about(row["examples"]))


def versions_about(row: Mapping[str, Any]) -> VersionsAbout:
    lists = {"names": tuple(row["names"]), "examples": tuple(row["examples"])}
    releases = {version: release_in(version, released, rc1) for version, released, rc1 in row["releases"]}
    return VersionsAbout(**{**row, **lists, "releases": releases})


def release_in(version: str, released: str, rc1: str) -> Release:
    """Return a release from its row in the index."""
    return Release(version, date.fromisoformat(released), date.fromisoformat(rc1) if rc1 else None)


def examples_about(row: Mapping[str, Any]) -> ExamplesAbout:
    groups = {heading: tuple((query, finds) for query, finds in rows) for heading, rows in row["help"].items()}
    lists = {name: tuple((line, text) for line, text in row[name]) for name in ("commands", "start")}
    return ExamplesAbout(
        row["placeholder"],
        row["fields"],
        tuple(row["short"]),
        groups,
        **lists,
        things=row["things"],
        questions=tuple(row.get("questions", ())),
    )
