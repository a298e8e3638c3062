"""Compare backissue with SQLite FTS5, tantivy and Xapian: the same entries and queries in one run."""
