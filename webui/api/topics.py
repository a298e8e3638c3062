"""The topics, and what there is of each."""

from __future__ import annotations

from dataclasses import replace

from flask import Response, jsonify
from pydantic import BaseModel, Field

from indexer.views import lookup
from indexer.views.topics import topics
from webui.api.addresses import topic_url
from webui.api.blueprint import api, listing, resource
from webui.api.models import Brief
from webui.api.paging import ListArgs, Paged, items, page_of, paged
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


class TopicAnswer(Paged):
    """A topic and a page of what there is of it."""

    id: str
    label: str
    entries: int
    kinds: dict[str, int] = Field(description="How many entries of each kind.")
    reports: list[Brief] = Field(description="On this page, the newest first. Patches are left out.")
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
def topic(path: TopicPath, query: ListArgs) -> Response:
    """Answer with what there is of a topic, its reports in pages."""
    found = lookup.topic(catalog(), path.topic_id, query.page * query.limit)
    total = found.entries - found.kinds.get("patch", 0)
    about = record(replace(found, reports=tuple(items(found.reports, query))))
    return jsonify(about | page_of(topic_url(found.id), total, query))
