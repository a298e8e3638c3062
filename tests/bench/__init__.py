"""This project beside SQLite FTS5, tantivy and Xapian: the same entries, the same questions, one run."""
