"""Redirects from a name to its page: /go/v4.15, /go/13, /go/bpf_getsockopt."""

from __future__ import annotations

import re
from http import HTTPStatus

from flask import Blueprint, redirect
from flask.typing import ResponseReturnValue

from indexer.catalog.protocol import Catalog
from indexer.query.query import Query
from indexer.views.first_releases import landings
from indexer.views.identifier_lookup import names
from indexer.views.versions import version_named
from webui.live import catalog
from webui.pages.rendering import address, entry_path, issue_path, name_path, version_path

destinations = Blueprint("destinations", __name__)
COMMIT = re.compile(r"[0-9a-f]{7,40}")


def to_entry(catalog: Catalog, text: str) -> str | None:
    return entry_path(text) if catalog.get(text) else None


def to_issue(catalog: Catalog, text: str) -> str | None:
    matching = [each for key, each in catalog.about.issues.items() if text in (key, str(each.number))]
    return issue_path(matching[0].newsletter, matching[0].number) if len(matching) == 1 else None


def to_version(catalog: Catalog, text: str) -> str | None:
    found = ((facet, version_named(catalog, facet, text)) for facet in catalog.about.versions)
    return next((version_path(facet, version) for facet, version in found if version), None)


def to_name(catalog: Catalog, text: str) -> str | None:
    found = names(catalog).meant(text)
    return name_path(found) if found else None


def to_commit(catalog: Catalog, text: str) -> str | None:
    """Return the page of the only name that landed with a commit, given some of its digits, or None."""
    wanted = text.lower()
    if not COMMIT.fullmatch(wanted):
        return None
    found = [
        landing.name
        for landing in landings(catalog).by_name.values()
        if (by := landing.commit) and (by.startswith(wanted) or wanted.startswith(by))
    ]
    return name_path(found[0]) if len(found) == 1 else None


WAYS = (to_entry, to_issue, to_version, to_name, to_commit)


@destinations.get("/go/<name:text>")
def go(text: str) -> ResponseReturnValue:
    """Redirect to the page of what a text names, or else to a search for it."""
    paths = (way(catalog(), text.strip()) for way in WAYS)
    return redirect(next((path for path in paths if path), address(Query(text.strip(), fold=True))), HTTPStatus.FOUND)
