"""Features of all responses: caching, absolute URLs, errors, static files."""
