"""The topics, and what there is of each."""

from __future__ import annotations

from flask import Response, jsonify
from pydantic import BaseModel, Field

from indexer.views import lookup
from indexer.views.topics import topics
from webui.api.blueprint import api, listing, resource
from webui.api.models import Brief
from webui.api.paging import ListArgs, Paged, paged
from webui.api.records import record
from webui.live import catalog


class Topic(BaseModel):
    """A topic, what it covers in words, and how many entries it has."""

    id: str
    label: str
    covers: str
    entries: int
    topic_url: str
    search_url: str
    page_url: str


class TopicsAnswer(Paged):
    """The topics that entries are of."""

    topics: list[Topic]


class TopicAnswer(BaseModel):
    """A topic and what there is of it."""

    id: str
    label: str
    entries: int
    kinds: dict[str, int] = Field(description="How many entries of each kind.")
    reports: list[Brief] = Field(description="All but patches, the newest first.")
    topic_url: str
    search_url: str
    page_url: str


class TopicPath(BaseModel):
    """The id of a topic."""

    topic_id: str = Field(description="The id of a topic.", json_schema_extra={"example": "xdp"})


@api.get("/topics", summary="All topics", **listing(TopicsAnswer))
def all_topics(query: ListArgs) -> Response:
    """Answer with the topics that entries are of."""
    return jsonify(paged("topics", topics(catalog()), query))


@api.get("/topics/<name:topic_id>", summary="One topic", **resource(TopicAnswer))
def topic(path: TopicPath) -> Response:
    """Answer with what there is of a topic."""
    return jsonify(record(lookup.topic(catalog(), path.topic_id)))
