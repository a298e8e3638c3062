"""The search page, and the front page if there is no query."""

from __future__ import annotations

from collections.abc import Iterable

from flask import Blueprint, render_template, request

from indexer.catalog.facets import first_and_selected
from indexer.query.address import from_args
from indexer.views.examples import short_examples
from indexer.views.identifiers import elsewhere, nearest_names
from indexer.views.issues import listed_by
from indexer.views.typed import names_typed
from webui.live import catalog
from webui.pages.filters import MOST_VALUES, SHOWN_VALUES, chips, offered
from webui.pages.head import search_head
from webui.pages.landing import landing
from webui.pages.timeline import timeline

search = Blueprint("search", __name__)
MOST_SIMILAR = 5  # names


@search.get("/")
def found() -> str:
    """Show the results of a search with their facets, or the front page if there is no query."""
    if not any(request.args.values()):
        return landing(catalog())
    about = catalog().about
    wanted = from_args(request.args.items(multi=True), about.fields)
    page = catalog().search(wanted, explain=request.args.get("explain") == "1")
    names = names_typed(catalog(), page.words, page.corrected)
    is_answered = bool(page.total) and not page.unmentioned
    return render_template(
        "search.html", page=page, query=page.query, about=about, head=search_head(page, wanted),
        facets=offered(page, about), shown_values=SHOWN_VALUES, chips=chips(page, about), sorts=about.fields.sorts,
        listed={name: first_and_selected(values, MOST_VALUES) for name, values in page.facets.items()},
        lists={h.record["id"]: listed_by(catalog(), h.record["id"], h.record["body"]) for h in page.hits},
        bars=timeline(page, about.issues), syntax=short_examples(catalog()), names=names,
        elsewhere=() if is_answered else elsewhere(catalog(), page.query.text, (name.name for name in names)),
        similar=() if page.total or page.relaxations else similar(page.words),
    )  # fmt: skip


def similar(words: Iterable[str]) -> list[str]:
    """Return identifiers similar to words without results: the nearest to the first word, then to the next."""
    found: dict[str, None] = {}
    for word in words:
        if len(found) < MOST_SIMILAR:
            found |= dict.fromkeys(nearest_names(catalog(), word, MOST_SIMILAR))
    return list(found)[:MOST_SIMILAR]
