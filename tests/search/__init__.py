"""The tests of the search."""
