"""The API for scripts: JSON from the same functions as the pages, described by the models that validate requests."""

from webui.api import authors, entries, identifiers, issues, search, series, topics, versions
from webui.api.blueprint import PREFIX, Problem, api

__all__ = [
    "PREFIX",
    "Problem",
    "api",
    "authors",
    "entries",
    "identifiers",
    "issues",
    "search",
    "series",
    "topics",
    "versions",
]
