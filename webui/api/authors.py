"""Authors and speakers, and the entries of each."""

from __future__ import annotations

from flask import Response, jsonify
from pydantic import BaseModel, Field, create_model

from indexer.views import lookup
from indexer.views.briefs import Brief
from indexer.views.people import EntriesPart, PersonCount, people
from indexer.views.series import SeriesCount
from webui.api.addresses import author_url, topic_url
from webui.api.blueprint import api, listing, resource
from webui.api.paging import MOST_IN_EACH, ListArgs, Paged, page_of, paged
from webui.api.records import record
from webui.api.schema import list_of, listing_of, model_of
from webui.live import catalog


class OnTopic(BaseModel):
    """The number of an author's entries on a topic."""

    id: str
    entries: int
    topic_url: str


AuthorsAnswer = listing_of("authors", PersonCount, "AuthorsAnswer", "The authors, those with the most entries first.")
AuthorAnswer = create_model(
    "AuthorAnswer",
    __base__=(model_of(PersonCount), Paged),
    __doc__="An author or speaker and their entries.",
    topics=(list[OnTopic], Field(description="The most frequent first.")),
    spellings=(list[str], Field(description="Other spellings of the name in the issues.")),
    series=(
        list_of(SeriesCount),
        Field(description=f"Their series with the most patches, at most `limit` and never more than {MOST_IN_EACH}."),
    ),
    works=(
        list_of(Brief),
        Field(description="Their entries on this page. Patches below a cover letter are left out."),
    ),
)


class AuthorPath(BaseModel):
    """The full name of an author or speaker."""

    name: str = Field(
        description="A full name in any spelling of the issues. Case and accents are ignored.",
        json_schema_extra={"example": "{author}"},
    )


@api.get("/authors", summary="All authors and speakers", **listing(AuthorsAnswer))
def authors(query: ListArgs) -> Response:
    """Return the authors and speakers, those with the most entries first."""
    return jsonify(paged("authors", people(catalog()), query))


@api.get("/authors/<name:name>", summary="One author or speaker", **resource(AuthorAnswer))
def author(path: AuthorPath, query: ListArgs) -> Response:
    """Return an author or speaker, with their entries in pages."""
    part = EntriesPart("reading", (query.page - 1) * query.limit, query.limit)
    found = lookup.person(catalog(), path.name, part, min(query.limit, MOST_IN_EACH))
    topics = [{"id": topic, "entries": count, "topic_url": topic_url(topic)} for topic, count in found.topics.items()]
    lists = {"spellings": found.spellings, "series": found.series, "works": found.entries}
    page = page_of(author_url(found.person.name), found.all_entries, query)
    return jsonify(record(found.person) | {"topics": topics} | record(lists) | page)
