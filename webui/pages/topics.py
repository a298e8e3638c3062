"""The pages of topics."""

from __future__ import annotations

from flask import Blueprint

from indexer.views import lookup
from indexer.views.topics import topics as all_of
from webui.live import catalog
from webui.pages.rendering import topic_path
from webui.pages.resource import MOST, page

topics = Blueprint("topics", __name__)


@topics.get("/topic/")
def all_topics() -> str:
    """Show the topics, and how many entries each has."""
    found = all_of(catalog())
    return page("topics.html", "Topics", f"{len(found)} topics", "/topic/", found=found)


@topics.get("/topic/<name:topic>")
def of_topic(topic: str) -> str:
    """Show what there is of a topic."""
    found = lookup.topic(catalog(), topic, MOST)
    return page("topic.html", found.label, f"{found.entries} entries", topic_path(topic), found=found)
