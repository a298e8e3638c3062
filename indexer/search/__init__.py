"""Search: turn a query into a page of hits with facets."""
