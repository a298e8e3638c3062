"""The authors and speakers, and what there is by each."""

from __future__ import annotations

from flask import Response, jsonify
from pydantic import BaseModel, Field

from indexer.views import lookup
from indexer.views.people import people
from webui.api.addresses import author_url, topic_url
from webui.api.blueprint import api, listing, resource
from webui.api.models import Brief
from webui.api.paging import ListArgs, Paged, items, page_of, paged
from webui.api.records import record
from webui.api.series import Series
from webui.live import catalog


class Author(BaseModel):
    """An author or speaker, and how many entries there are by them."""

    name: str
    entries: int
    issues: int = Field(description="In how many issues.")
    kinds: dict[str, int] = Field(description="How many entries of each kind.")
    author_url: str
    search_url: str
    page_url: str


class OnTopic(BaseModel):
    """How many entries by an author are on a topic."""

    id: str
    entries: int
    topic_url: str


class AuthorsAnswer(Paged):
    """The authors and speakers, those with most entries first."""

    authors: list[Author]


class AuthorAnswer(Author, Paged):
    """An author or speaker with what there is by them."""

    topics: list[OnTopic] = Field(description="The most frequent first.")
    spellings: list[str] = Field(description="The other ways in which the issues write the name.")
    series: list[Series] = Field(description="Their series of patches, as many as there are works on a page.")
    works: list[Brief] = Field(description="Those of their entries on this page, without patches below a cover letter.")


class AuthorPath(BaseModel):
    """The full name of an author or speaker in any spelling that the issues have, case and accents aside."""

    name: str = Field(
        description="A full name in any spelling that the issues have, case and accents aside.",
        json_schema_extra={"example": "Daniel Borkmann"},
    )


@api.get("/authors", summary="All authors and speakers", **listing(AuthorsAnswer))
def authors(query: ListArgs) -> Response:
    """Answer with the authors and speakers, those with most entries first."""
    return jsonify(paged("authors", people(catalog()), query))


@api.get("/authors/<name:name>", summary="One author or speaker", **resource(AuthorAnswer))
def author(path: AuthorPath, query: ListArgs) -> Response:
    """Answer with what there is by an author or speaker, their entries in pages."""
    found = lookup.person(catalog(), path.name)
    topics = [{"id": topic, "entries": count, "topic_url": topic_url(topic)} for topic, count in found.topics.items()]
    works = items(found.entries, query)
    lists = {"spellings": found.spellings, "series": found.series[: query.limit], "works": works}
    page = page_of(author_url(found.person.name), len(found.entries), query)
    return jsonify(record(found.person) | {"topics": topics} | record(lists) | page)
