"""Entries in, a Whoosh index out, built beside the old one and swapped in; and the index opened as arrays."""
