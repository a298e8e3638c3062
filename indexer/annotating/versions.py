"""The versions of an entry: those that it states, or else the one in development when it was reported."""

from __future__ import annotations

from collections.abc import Container, Iterator
from datetime import date

from indexer.model import Version
from indexer.profile.versions import VersionFacet


def versions_of(
    text: str, kind: str, day: date | None, facet: VersionFacet, products: Container[str] = ()
) -> tuple[Version, ...]:
    """Return the versions of an entry. `day` is when it was reported; None if the version does not depend on it."""
    found = tuple(stated(text, facet, products))
    if found or day is None or kind not in facet.during:
        return found
    version = facet.in_development(day)
    evidence = f"reported on {day:%d %B %Y}, in development for {version}"
    return (Version(version, "issue", evidence, url_of(version, facet)),) if version else ()


def stated(text: str, facet: VersionFacet, products: Container[str]) -> Iterator[Version]:
    """Yield the versions that a text names."""
    for version, words in facet.stated(text, products):
        yield Version(version, "stated", f"the entry says {words!r}", url_of(version, facet))


def url_of(version: str, facet: VersionFacet) -> str:
    return facet.release_url.format(version=version)
