"""The tests of the query language."""
