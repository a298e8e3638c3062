"""Annotate a divided issue: make entries with kinds, identifiers, versions, topics and links."""
