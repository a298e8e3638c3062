"""The pages, feeds and API of an archive."""
