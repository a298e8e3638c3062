"""The pages that explain: how to search, by examples that run, and what the archive is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from flask import Blueprint, render_template

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
    """Return the examples by what they show."""
    groups = query_examples(catalog).items()
    return {heading: [Example(Query(each.query), each.finds) for each in rows] for heading, rows in groups}


@explaining.get("/help")
def help_page() -> str:
    """Show how to search."""
    head = page_head("How to search", "How words, fields and filters are searched", "/help")
    return render_template("help.html", examples=examples(catalog()), facets=catalog().about.facets, head=head)


@explaining.get("/about")
def about_page() -> str:
    """Show what is indexed, from where, and in which edition."""
    head = page_head("About backissue", "What is indexed, from where, and in which edition", "/about")
    return render_template(
        "about.html",
        about=catalog().about,
        newsletters=newsletters(catalog()),
        head=head,
    )
