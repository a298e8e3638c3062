"""The pages of topics."""

from __future__ import annotations

from flask import Blueprint

from indexer.views import lookup
from indexer.views.topics import topics as all_of
from webui.live import catalog
from webui.pages.rendering import topic_path
from webui.pages.resource import MOST, page
from webui.pages.wording import many

topics = Blueprint("topics", __name__)


@topics.get("/topic/")
def all_topics() -> str:
    """Show the topics and their numbers of entries."""
    found = all_of(catalog())
    return page("topics.html", "Topics", f"{len(found)} topics", "/topic/", found=found)


@topics.get("/topic/<name:topic>")
def of_topic(topic: str) -> str:
    """Show a topic: what it covers, its entries by kind, and the newest that are not patches."""
    found = lookup.topic(catalog(), topic, MOST)
    covers = next((each.covers for each in catalog().about.topics if each.id == found.id), "")
    about = f"{many(found.entries, 'entry', 'entries')}{f': {covers}' if covers else ''}"
    return page("topic.html", found.label, about, topic_path(topic), found=found, covers=covers)
