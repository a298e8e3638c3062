"""The blueprints of all pages, which an exported site contains."""

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

# Version pages come last, because the first part of their paths is defined by a profile.
BLUEPRINTS = (search, entries, explaining, issues, identifiers, series, topics, authors, destinations, versions)
