"""A divided issue and the facts in; entries with kinds, names, versions, topics and links out."""

from indexer.enriching.entries import Context, enrich, source_urls

__all__ = ["Context", "enrich", "source_urls"]
