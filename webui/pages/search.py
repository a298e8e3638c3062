"""The page of a search; without a question, the front page."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, render_template, request

from indexer.catalog.facets import Count
from indexer.query.address import from_args
from indexer.views.examples import short_examples
from indexer.views.identifiers import elsewhere
from indexer.views.issues import listed_by
from indexer.views.typed import names_typed
from webui.live import catalog
from webui.pages.head import search_head
from webui.pages.landing import landing
from webui.pages.timeline import timeline

search = Blueprint("search", __name__)
SHOWN_VALUES = 7
# The filters in the order in which they are used; the version comes before all of them.
BY_USE = ("topic", "kind", "outcome", "section", "author", "tree", "issue", "newsletter", "how")
MOST_VALUES = 40  # of a facet that a page lists; the query language has the others


@search.get("/")
def found() -> str:
    """Show the search box, the facets and the hits; without a question, the front page."""
    if not any(request.args.values()):
        return landing(catalog())
    explained = request.args.get("explain") == "1"
    about = catalog().about
    wanted = from_args(request.args.items(multi=True), about.fields)
    page = catalog().search(wanted, explain=explained)
    known = about.labels
    chips = [
        {
            "facet": facet,
            "label": known[facet.name].get(value, value),
            "query": page.query.toggled(facet.name, value),
        }
        for facet in about.facets
        for value in page.query.chosen(facet.name)
    ]
    listed = {name: offered_values(values) for name, values in page.facets.items()}
    facets = [facet for facet in about.offered if page.facets[facet.name]]
    facets.sort(key=lambda facet: BY_USE.index(facet.name) if facet.name in BY_USE else -1)
    lists = {h.record["id"]: listed_by(catalog(), h.record["id"], h.record["body"]) for h in page.hits}
    names = names_typed(catalog(), page.words, page.corrected)
    settled = bool(page.total) and not page.unmentioned
    beyond = () if settled else elsewhere(catalog(), page.query.text, (name.name for name in names))
    return render_template(
        "search.html", page=page, query=page.query, facets=facets, listed=listed, chips=chips, sorts=about.fields.sorts,
        shown_values=SHOWN_VALUES, about=about, syntax=short_examples(catalog()),
        lists=lists, names=names, elsewhere=beyond,
        bars=timeline(page, about.issues), head=search_head(page, wanted),
    )  # fmt: skip


def offered_values(values: Sequence[Count]) -> list[Count]:
    """Return the values of a facet that a page lists: the first, and those that are chosen."""
    return [*values[:MOST_VALUES], *(value for value in values[MOST_VALUES:] if value.selected)]
