"""Engines: each implements the catalog over an index of its own."""
