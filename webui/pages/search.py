"""The pages for people: the search and an entry."""

from __future__ import annotations

from collections.abc import Sequence
from http import HTTPStatus

from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue

from indexer.catalog.facets import Count
from indexer.query.address import from_args
from indexer.query.query import Query
from indexer.views import lookup
from indexer.views.briefs import issue_about
from indexer.views.examples import short_examples
from indexer.views.identifiers import elsewhere
from indexer.views.issues import around, listed_by, newsletters, seen_in
from indexer.views.related import related_to
from indexer.views.typed import names_typed
from webui.live import catalog
from webui.pages.citing import citations
from webui.pages.head import entry_head, page_head, search_head
from webui.pages.help import examples
from webui.pages.landing import landing
from webui.pages.rendering import entry_path
from webui.pages.timeline import timeline

pages = Blueprint("pages", __name__)
SHOWN_VALUES = 7
# The filters in the order in which they are used; the version comes before all of them.
BY_USE = ("topic", "kind", "outcome", "section", "author", "tree", "issue", "newsletter", "how")
MOST_VALUES = 40  # of a facet that a page lists; the query language has the others


@pages.get("/")
def search() -> str:
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


@pages.get("/entry/<path:entry_id>")
def entry(entry_id: str) -> ResponseReturnValue:
    """Show one entry with its text, its links and how its versions are known."""
    found = lookup.entry(catalog(), entry_id)
    if found.id != entry_id:
        return redirect(entry_path(found.id), HTTPStatus.MOVED_PERMANENTLY)
    issue = issue_about(catalog(), found)
    newsletter = catalog().about.newsletter(found.newsletter)
    seen = seen_in(catalog(), found.url) if found.url else []
    before, after = around(catalog(), found)
    return render_template(
        "entry.html", entry=found, edition=issue.edition, issue=issue, newsletter=newsletter,
        labels=catalog().about.labels, before=before, after=after, query=Query(),
        listed=listed_by(catalog(), found.id, found.body),
        related=related_to(catalog(), found), citations=citations(found, issue, newsletter),
        issues=catalog().about.issues, seen_in=[key for key in seen if key != issue.key],
        head=entry_head(found, issue),
    )  # fmt: skip


@pages.get("/help")
def help_page() -> str:
    """Show how to search."""
    head = page_head("How to search", "How words, fields and filters are searched", "/help")
    return render_template(
        "help.html", examples=examples(catalog()), facets=catalog().about.facets, query=Query(), head=head
    )


@pages.get("/about")
def about_page() -> str:
    """Show what is indexed, from where, and in which edition."""
    head = page_head("About backissue", "What is indexed, from where, and in which edition", "/about")
    return render_template(
        "about.html",
        about=catalog().about,
        syntax=short_examples(catalog()),
        newsletters=newsletters(catalog()),
        query=Query(),
        head=head,
    )
