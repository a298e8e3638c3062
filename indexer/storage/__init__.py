"""Read the index on disk: terms, postings, facet values and records as arrays."""
