"""Pages, feeds and the API over indexer.search; knows nothing of parsing."""
