"""The help page, with examples that run, and the page about the archive."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from flask import Blueprint, render_template

from indexer.catalog.facets import Facet
from indexer.catalog.protocol import Catalog
from indexer.query.query import Query
from indexer.views.examples import query_examples
from indexer.views.issues import newsletters
from webui.live import catalog
from webui.pages.head import page_head

explaining = Blueprint("explaining", __name__)


class Example(NamedTuple):
    """A query and what it finds."""

    query: Query
    finds: str


def examples(catalog: Catalog) -> Mapping[str, list[Example]]:
    """Return the examples in groups."""
    groups = query_examples(catalog).items()
    return {heading: [Example(Query(each.query), each.finds) for each in rows] for heading, rows in groups}


def used(catalog: Catalog) -> list[Facet]:
    """Return the facets that have values in the archive."""
    return [facet for facet in catalog.about.offered if catalog.count(facet.name)]


@explaining.get("/help")
def help_page() -> str:
    """Show how to search."""
    head = page_head("How to search", "How to search with words, identifiers, fields and filters", "/help")
    return render_template("help.html", examples=examples(catalog()), facets=used(catalog()), head=head)


@explaining.get("/about")
def about_page() -> str:
    """Show the newsletters of the archive, their sources and editions."""
    head = page_head("About this archive", "The newsletters of this archive, their sources and editions", "/about")
    return render_template(
        "about.html",
        about=catalog().about,
        newsletters=newsletters(catalog()),
        head=head,
    )
