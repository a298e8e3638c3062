"""The URLs of the API's resources and searches."""

from __future__ import annotations

from urllib.parse import quote, urlencode

from webui.api.blueprint import PREFIX
from webui.http.names import quoted
from webui.live import catalog

SEARCH = f"{PREFIX}/search"


def entry_url(entry_id: str) -> str:
    return f"{PREFIX}/entries/{quote(entry_id)}"


def issue_url(key: str) -> str:
    """Return the URL of an issue by its id (newsletter/number)."""
    return f"{PREFIX}/issues/{quote(key)}"


def version_url(facet: str, version: str) -> str:
    """Return the URL of a version of a facet."""
    return f"{PREFIX}/{catalog().about.versions[facet].plural}/{quoted(version)}"


def identifier_url(name: str) -> str:
    return f"{PREFIX}/identifiers/{quoted(name)}"


def series_url(series: str) -> str:
    return f"{PREFIX}/series/{quoted(series)}"


def topic_url(topic: str) -> str:
    return f"{PREFIX}/topics/{quoted(topic)}"


def author_url(author: str) -> str:
    return f"{PREFIX}/authors/{quoted(author)}"


def search_url(**args: str) -> str:
    """Return the URL of a search with parameters."""
    return f"{SEARCH}?{urlencode(args)}"
