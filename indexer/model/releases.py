"""Releases, and the first release of a name."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Literal


@dataclass(frozen=True, slots=True)
class Release:
    """A release: its date, and the date of its first candidate, after which no features are accepted."""

    version: str
    released: date
    rc1: date | None = None


@dataclass(frozen=True, slots=True)
class Claim:
    """The version and commit of a first release according to one source."""

    source: str
    version: str
    commit: str
    differs: Annotated[Literal["version", "commit", ""], "What differs from the accepted values."]


@dataclass(frozen=True, slots=True)
class Landing:
    """The first release that contains a name."""

    name: str
    kind: str
    version: str
    commit: str
    commit_url: str
    claims: tuple[Claim, ...]
    disputed: Annotated[bool, "Whether a source gives another version."]
    note: str
    checked: Annotated[bool, "Whether it was checked against the source code of releases."]


def landing_of_claims(
    name: str,
    kind: str,
    version: str,
    commit: str,
    claims: Iterable[tuple[str, str, str]],
    *,
    note: str = "",
    checked: bool = True,
    commit_url: str = "",
) -> Landing:
    """Return the landing of a name. `claims` are triples of source, version and commit."""
    made = tuple(
        Claim(source.replace("_", "-"), said, by, differs(said, by, version, commit)) for source, said, by in claims
    )
    disputed = any(claim.differs == "version" for claim in made)
    return Landing(name, kind, version, commit, commit_url, made, disputed, note, checked)


def differs(said: str, by: str, version: str, commit: str) -> Literal["version", "commit", ""]:
    """Return what differs between a claim and the accepted landing. A claim may lack either part."""
    if said and said != version:
        return "version"
    return "commit" if by and by != commit else ""
