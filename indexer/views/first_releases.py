"""First releases of identifiers and features, read from the index."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from indexer.catalog.memo import once
from indexer.catalog.protocol import Catalog
from indexer.model import Landing, landing_of_claims


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
    url = template.format(commit=commit) if commit else ""
    return landing_of_claims(name, kind, version, commit, claims, note=note, checked=checked, commit_url=url)


def landings(catalog: Catalog) -> Landings:
    """Return all landings."""
    return once(catalog, Landings)


def landing_of(catalog: Catalog, name: str) -> Landing | None:
    """Return the landing of a name in exactly this spelling, or None."""
    return landings(catalog).by_name.get(name)


def landed_in(catalog: Catalog, version: str) -> Sequence[Landing]:
    """Return the landings in a version, in table order."""
    return landings(catalog).by_version.get(version, ())
