"""Engines: implementations of the catalog."""
