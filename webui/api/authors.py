"""The authors and speakers, and what there is by each."""

from __future__ import annotations

from flask import Response, jsonify
from pydantic import BaseModel, Field

from indexer.views import lookup
from indexer.views.people import people
from webui.api.addresses import topic_url
from webui.api.blueprint import api, listing, resource
from webui.api.models import Brief
from webui.api.paging import ListArgs, Paged, paged
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


class AuthorAnswer(Author):
    """An author or speaker with what there is by them."""

    topics: list[OnTopic] = Field(description="The most frequent first.")
    spellings: list[str] = Field(description="The other ways in which the issues write the name.")
    series: list[Series] = Field(description="Their series of patches.")
    works: list[Brief] = Field(description="Their entries in reading order, without patches below a cover letter.")


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
def author(path: AuthorPath) -> Response:
    """Answer with what there is by an author or speaker."""
    found = lookup.person(catalog(), path.name)
    topics = [{"id": topic, "entries": count, "topic_url": topic_url(topic)} for topic, count in found.topics.items()]
    lists = {"spellings": found.spellings, "series": found.series, "works": found.entries}
    return jsonify(record(found.person) | {"topics": topics} | record(lists))
