"""backissue: a searchable knowledge base of a newsletter's back issues."""

__version__ = "0.1.0"
