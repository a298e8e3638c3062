"""The blueprints of all pages; an exported site has each page of these."""

from __future__ import annotations

from webui.pages.authors import authors
from webui.pages.destinations import destinations
from webui.pages.entries import entries
from webui.pages.help import explaining
from webui.pages.identifiers import identifiers
from webui.pages.issues import issues
from webui.pages.search import search
from webui.pages.series import series
from webui.pages.topics import topics
from webui.pages.versions import versions

# Pages of versions come last: the first part of their addresses is whatever a profile calls its facet.
BLUEPRINTS = (search, entries, explaining, issues, identifiers, series, topics, authors, destinations, versions)
