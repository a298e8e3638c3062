"""The pages of version facets: one version, and all versions of a facet."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from http import HTTPStatus

from flask import Blueprint, redirect, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound as UnknownAddress

from indexer.catalog.profiles import VersionsAbout
from indexer.views import lookup
from indexer.views.briefs import Brief
from indexer.views.versions import OfKind, VersionAbout, version_named
from indexer.views.versions import versions as all_of
from webui.live import catalog
from webui.pages.rendering import version_path
from webui.pages.resource import page

versions = Blueprint("versions", __name__)
# A version with more entries than MANY has shorter lists, because reading an entry takes a third of a millisecond.
MANY, FEW_LISTED = 1_000, 8
MOST_LISTED = 50  # series, names or entries of a list; the search has the rest
MOST_OF_A_KIND = 10  # entries of a kind that belong to a version only by date


@versions.get("/<facet>/<name:version>")
def version(facet: str, version: str) -> ResponseReturnValue:
    """Show what is new in a version, and what was reported while it was in development."""
    declared = facet_named(facet)
    named = version_named(catalog(), facet, version)
    if named not in (None, version):
        return redirect(version_path(facet, named), HTTPStatus.MOVED_PERMANENTLY)
    listed = MOST_LISTED if catalog().count(facet).get(version, 0) <= MANY else FEW_LISTED
    found = lookup.version(catalog(), facet, version, listed)
    title = declared.title.format(version=found.version)
    about = declared.about.format(version=found.version)
    path = version_path(facet, version)
    certain = tuple(certain_entries(found))
    labels = catalog().about.labels["topic"]
    return page(
        "version.html",
        title,
        about,
        path,
        found=found,
        facet=declared,
        certain=certain,
        labels=labels,
        listed=listed,
        most=MOST_OF_A_KIND,
    )


@versions.get("/<facet>/", strict_slashes=False)
def all_versions(facet: str) -> ResponseReturnValue:
    """Show the versions of a facet in the archive."""
    declared = facet_named(facet)
    path = f"/{facet}/"
    if request.path != path:
        return redirect(path, HTTPStatus.PERMANENT_REDIRECT)
    title, found = f"{declared.label}s", all_of(catalog(), facet)
    return page("versions.html", title, "What is new per version", path, found=found, facet=declared)


def certain_entries(found: VersionAbout) -> Iterator[OfKind]:
    """Yield the entries that certainly belong to a version, by kind, without those listed with new names."""
    shown = {mention.entry.id for kind in found.landed for each in kind.names for mention in each.mentions[:1]}
    kinds: dict[str, list[Brief]] = {}
    counts: Counter[str] = Counter()
    for known in found.known:
        for kind in known.reports if known.how != "issue" else ():
            others = [entry for entry in kind.entries if entry.id not in shown]
            kinds.setdefault(kind.kind, []).extend(others)
            counts[kind.kind] += kind.count - len(kind.entries) + len(others)
    return (OfKind(kind, tuple(entries), counts[kind]) for kind, entries in kinds.items() if entries)


def facet_named(facet: str) -> VersionsAbout:
    """Return the version facet of a URL. Raises `UnknownAddress` if there is none."""
    declared = catalog().about.versions.get(facet)
    if declared is None:
        raise UnknownAddress
    return declared
