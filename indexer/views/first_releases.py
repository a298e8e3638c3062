"""First releases of identifiers and features, read from the index."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from indexer.catalog.memo import once
from indexer.catalog.protocol import Catalog


@dataclass(frozen=True, slots=True)
class Claim:
    """The version and commit of a landing according to one source."""

    source: str
    version: str
    commit: str
    differs: Annotated[Literal["version", "commit", ""], "In what it is not what was settled on."]


@dataclass(frozen=True, slots=True)
class Landing:
    """The first release that holds a name."""

    name: str
    kind: str
    version: str
    commit: str
    commit_url: str
    claims: tuple[Claim, ...]
    disputed: Annotated[bool, "Whether a source gives another version."]
    note: str
    checked: Annotated[bool, "Whether it was settled against the sources of releases."]


class Landings:
    """All landings by name, and the names by version in table order."""

    def __init__(self, catalog: Catalog) -> None:
        template = catalog.about.elsewhere.get("commit", "")
        self.by_name = {name: landing_in(name, row, template) for name, row in catalog.about.record["landings"].items()}
        self.by_version: dict[str, list[Landing]] = {}
        for landing in self.by_name.values():
            self.by_version.setdefault(landing.version, []).append(landing)


def landing_in(name: str, row: Sequence[Any], template: str) -> Landing:
    """Return the landing of a name by its row in the index; `template` is the address of a commit."""
    kind, version, commit, claims, note, checked = row
    made = tuple(
        Claim(source.replace("_", "-"), said, by, differs(said, by, version, commit)) for source, said, by in claims
    )
    disputed = any(claim.differs == "version" for claim in made)
    return Landing(
        name, kind, version, commit, template.format(commit=commit) if commit else "", made, disputed, note, checked
    )


def differs(said: str, by: str, version: str, commit: str) -> Literal["version", "commit", ""]:
    """Return what differs between a claim and the accepted landing; a claim may lack either part."""
    if said and said != version:
        return "version"
    return "commit" if by and by != commit else ""


def landings(catalog: Catalog) -> Landings:
    """Return all landings."""
    return once(catalog, Landings)


def landing_of(catalog: Catalog, name: str) -> Landing | None:
    """Return the landing of a name in exactly this spelling, or None."""
    return landings(catalog).by_name.get(name)


def landed_in(catalog: Catalog, version: str) -> Sequence[Landing]:
    """Return the landings in a version, in table order."""
    return landings(catalog).by_version.get(version, ())
