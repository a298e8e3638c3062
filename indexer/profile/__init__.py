"""Read the tables of newsletters and profiles."""
