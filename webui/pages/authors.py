"""The pages of authors and speakers."""

from __future__ import annotations

from dataclasses import replace
from http import HTTPStatus

from flask import Blueprint, redirect, request
from flask.typing import ResponseReturnValue

from indexer.analysis import fold
from indexer.query.query import Query
from indexer.views import lookup
from indexer.views.people import EntriesPart, people, spellings
from webui.live import catalog
from webui.pages.paging import PAGE, at, page_of, part_of
from webui.pages.rendering import address, author_path
from webui.pages.resource import MOST, page
from webui.pages.series import COLUMNS as SERIES_COLUMNS
from webui.pages.sorting import Column, sorted_path, table

authors = Blueprint("authors", __name__)
MOST_SERIES = 50  # of an author, those with the most patches
COLUMNS = (
    Column("entries", "Entries", lambda person: person.entries, largest_first=True, number=True),
    Column("name", "Name", lambda person: fold(person.name)),
    Column("issues", "Issues", lambda person: person.issues, largest_first=True, number=True),
)


@authors.get("/author/")
def all_authors() -> str:
    """Show the authors and speakers, those with the most entries first."""
    found = table(people(catalog()), COLUMNS)
    part = part_of(found.rows, sorted_path("/author/"))
    return page(
        "authors.html", "Authors and speakers", f"{part.total} people", at("/author/", part.page), part=part,
        found=replace(found, rows=part.items),
    )  # fmt: skip


@authors.get("/author/<name:author>")
def by_author(author: str) -> ResponseReturnValue:
    """Show the series and entries of an author or speaker."""
    if several := spellings(catalog()).together(author):
        return redirect(address(Query(filters={"author": tuple(several)})), HTTPStatus.FOUND)
    number = request.args.get(PAGE, 1, type=int)
    found = lookup.person(catalog(), author, EntriesPart("newest", max(0, number - 1) * MOST, MOST), MOST_SERIES)
    if found.person.name != author:
        return redirect(author_path(found.person.name), HTTPStatus.MOVED_PERMANENTLY)
    series = table(found.series, SERIES_COLUMNS)
    labels = {each.id: each.label for each in catalog().about.topics}
    count = f"{found.person.entries} entries"
    part = page_of(found.entries, found.all_entries, author_path(author))
    return page(
        "author.html", author, count, part.address, found=found, labels=labels, part=part,
        series=series, more=found.all_series - len(found.series),
    )  # fmt: skip
