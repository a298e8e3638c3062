"""Feeds, sitemaps and descriptions for other programs."""
