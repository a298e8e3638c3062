"""Topics and their entries."""

from __future__ import annotations

from dataclasses import replace

from flask import Response, jsonify
from pydantic import BaseModel, Field

from indexer.views import lookup
from indexer.views.topics import TopicAbout, TopicCount, topics
from webui.api.addresses import topic_url
from webui.api.blueprint import api, listing, resource
from webui.api.paging import ListArgs, items, page_of, paged
from webui.api.records import record
from webui.api.schema import listing_of, paged_model
from webui.live import catalog

TopicsAnswer = listing_of("topics", TopicCount, "TopicsAnswer", "The topics with entries.")


class TopicPath(BaseModel):
    """The id of a topic."""

    topic_id: str = Field(description="The id of a topic.", json_schema_extra={"example": "{topic}"})


@api.get("/topics", summary="All topics", **listing(TopicsAnswer))
def all_topics(query: ListArgs) -> Response:
    """Return the topics with entries."""
    return jsonify(paged("topics", topics(catalog()), query))


@api.get("/topics/<name:topic_id>", summary="One topic", **resource(paged_model(TopicAbout)))
def topic(path: TopicPath, query: ListArgs) -> Response:
    """Return a topic, with its entries in pages. Patches are left out."""
    found = lookup.topic(catalog(), path.topic_id, query.page * query.limit)
    total = found.entries - found.kinds.get("patch", 0)
    about = record(replace(found, reports=tuple(items(found.reports, query))))
    return jsonify(about | page_of(topic_url(found.id), total, query))
