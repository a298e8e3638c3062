"""A query in, a page of hits with facets out."""
