"""Resolve links of a newsletter to its own pages."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import urljoin

from indexer.model import Block


def with_absolute_links(block: Block, home: str) -> Block:
    """Return a block with root-relative links resolved against the newsletter's home page, if known."""
    if not home or not any(span.url.startswith("/") for span in block.spans):
        return block
    spans = tuple(
        replace(span, url=urljoin(home, span.url)) if span.url.startswith("/") else span for span in block.spans
    )
    return replace(block, spans=spans)
