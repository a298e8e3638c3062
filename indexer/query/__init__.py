"""Queries: the value, its form in a URL, the syntax tree and the lenient parser."""
