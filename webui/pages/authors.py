"""The pages of authors and speakers."""

from __future__ import annotations

from http import HTTPStatus

from flask import Blueprint, redirect
from flask.typing import ResponseReturnValue

from indexer.query.query import Query
from indexer.views import lookup
from indexer.views.people import people, spellings
from webui.live import catalog
from webui.pages.rendering import address, author_path
from webui.pages.resource import page

authors = Blueprint("authors", __name__)


@authors.get("/author/")
def all_authors() -> str:
    """Show the authors and speakers, those with most entries first."""
    found = people(catalog())
    return page("authors.html", "Authors and speakers", f"{len(found)} people", "/author/", found=found)


@authors.get("/author/<name:author>")
def by_author(author: str) -> ResponseReturnValue:
    """Show what there is by an author or speaker."""
    if several := spellings(catalog()).together(author):
        return redirect(address(Query(filters={"author": tuple(several)})), HTTPStatus.FOUND)
    found = lookup.person(catalog(), author)
    if found.person.name != author:
        return redirect(author_path(found.person.name), HTTPStatus.MOVED_PERMANENTLY)
    labels = {each.id: each.label for each in catalog().about.topics}
    count = f"{found.person.entries} entries"
    return page("author.html", author, count, author_path(author), found=found, labels=labels)
