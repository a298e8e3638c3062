"""The addresses of the API: of each resource, and of a search for what belongs to one."""

from __future__ import annotations

from urllib.parse import quote, urlencode

from webui.api.blueprint import PREFIX
from webui.http.names import quoted

SEARCH = f"{PREFIX}/search"


def entry_url(entry_id: str) -> str:
    return f"{PREFIX}/entries/{quote(entry_id)}"


def issue_url(key: str) -> str:
    """Return the address of an issue by newsletter/number."""
    return f"{PREFIX}/issues/{quote(key)}"


def kernel_url(version: str) -> str:
    return f"{PREFIX}/kernels/{quoted(version)}"


def identifier_url(name: str) -> str:
    return f"{PREFIX}/identifiers/{quoted(name)}"


def series_url(series: str) -> str:
    return f"{PREFIX}/series/{quoted(series)}"


def topic_url(topic: str) -> str:
    return f"{PREFIX}/topics/{quoted(topic)}"


def author_url(author: str) -> str:
    return f"{PREFIX}/authors/{quoted(author)}"


def search_url(**args: str) -> str:
    """Return the address of a search with some parameters."""
    return f"{SEARCH}?{urlencode(args)}"
