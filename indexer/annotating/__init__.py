"""A divided issue and the facts in; entries with kinds, names, versions, topics and links out."""
