"""Bylines are found in items, and no text takes long to be searched for one."""

from __future__ import annotations

import time

import pytest

from indexer.dividing.authors import byline
from indexer.model import Block, Span

HANGS = 30  # seconds of CPU time; a byline takes some thousandths of one
URL = "https://news.example/pool"


def item(title: str, rest: str) -> tuple[Block, Span]:
    """Return a paragraph that begins with a link, and the link."""
    link = Span(0, len(title), "link", URL)
    return Block("paragraph", title + rest, spans=(link,)), link


@pytest.mark.parametrize(
    ("rest", "author"),
    [
        (" by Ann Bee and Cy Dee", "Ann Bee and Cy Dee"),
        (" by Ann Bee, Cy Dee, and Eve Fox.", "Ann Bee, Cy Dee, and Eve Fox"),
        (" by Ludwig van der Bee & @cy", "Ludwig van der Bee & @cy"),
        (" from Andy Anders and Sandy Sands", "Andy Anders and Sandy Sands"),
    ],
)
def test_names_are_joined_in_several_ways(rest: str, author: str) -> None:
    found = byline(*item("A pool of buffers", rest))
    assert found is not None
    assert found.author == author


@pytest.mark.parametrize("unit", [" and went again", ", by ann bee", ", and x y", " & a b", " by a b and"])
@pytest.mark.parametrize("lead", [" by Ann Bee", " (Ann Bee", " - Ann Bee", ", by Ann Bee"])
def test_a_long_run_of_words_is_searched_at_once(lead: str, unit: str) -> None:
    start = time.process_time()
    byline(*item("A pool of buffers", f"{lead}{unit * 300}!"))
    assert time.process_time() - start < HANGS
