"""The pages of identifiers and features."""

from __future__ import annotations

from http import HTTPStatus

from flask import Blueprint, redirect
from flask.typing import ResponseReturnValue

from indexer.views import lookup
from indexer.views.features import feature_named, is_feature
from indexer.views.identifiers import NameAbout
from webui.live import catalog
from webui.pages.paging import part_of
from webui.pages.rendering import name_path
from webui.pages.resource import page
from webui.pages.wording import many

identifiers = Blueprint("identifiers", __name__)


@identifiers.get("/id/<name:text>")
def name(text: str) -> ResponseReturnValue:
    """Show an identifier: its kind, its first release, and the entries that mention it."""
    found = lookup.name(catalog(), text)
    if found.name != text or is_feature(text):
        return redirect(name_path(found.name), HTTPStatus.MOVED_PERMANENTLY)
    return name_page(found)


@identifiers.get("/feature/<slug>")
def feature(slug: str) -> str:
    """Show a feature that is not an identifier: its first release, and the entries about it."""
    return name_page(lookup.name(catalog(), feature_named(catalog(), slug) or slug))


def name_page(found: NameAbout) -> str:
    """Return the page of a name or a feature."""
    kind = f"{found.kind}, landed in {found.version}" if found.version else "identifier"
    part = part_of(found.mentions, name_path(found.name), lambda each: 500 + 2 * len(each.entry.title))
    return page(
        "name.html", found.name, f"{kind}; {many(part.total, 'entry', 'entries')}", part.address, found=found, part=part
    )
