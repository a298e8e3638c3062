"""Malicious queries: each is answered or refused quickly."""

from __future__ import annotations

import time
from pathlib import Path

from indexer.errors import BadQuery
from indexer.query.parser import MOST_TERMS
from indexer.query.query import LONGEST
from indexer.search.page import Searcher
from indexer.storage.index import open_index
from tests.bench.measuring import MILLISECOND
from tests.linux import from_args

HOSTILE = {
    "10,000 characters": "x" * 10_000,
    "10,000 words": "xdp " * 2_500,
    "500 ORed terms": " OR ".join(f"t{n}" for n in range(500)),
    "as many ORed prefixes as may be": " OR ".join(f"{a}{b}n*" for a in "bcdflmprst" for b in "aeo")[: LONGEST - 20],
    "2,000 open parentheses": "(" * 2_000,
    "parentheses as deep as may be": "(" * 20 + "xdp" + ")" * 20,
    "2,000 NOTs": "NOT " * 2_000 + "xdp",
    "a star": "*",
    "stars and question marks": "?*?*?*",
    "a word between stars": "*a*",
    "an edit distance of ten": "a~10",
    "a phrase of 300 words": '"' + "the " * 300 + '"',
    "a phrase as long as may be": '"' + " ".join(["the"] * 74) + '"',
    "the shortest prefix": "the*",
    "NUL": "xdp\0redirect",
    "a lone surrogate": "xdp \ud800 \udfff",
    "right-to-left marks": "\u202expd\u202c \u200f\u200fxdp",
    "misspelt as often as may be": " ".join(f"zxqverifeir{n}q" for n in range(MOST_TERMS))[:LONGEST],
    "all common words": "the a of to in and for is on with that this",
    "everything but": "-the -a -of -to -in -and -for",
    "combining marks": "a" + "\u0301" * 290,
    "one long name": "_".join(["bpf"] * 74),
}


def slowest(folder: Path) -> tuple[str, float]:
    """Return the slowest query over an uncached index, and its time in milliseconds."""
    index = open_index(folder)
    searcher = Searcher(index)
    searcher.warm()
    took = {name: milliseconds(searcher, text) for name, text in HOSTILE.items()}
    index.close()
    return max(took.items(), key=lambda each: each[1])


def milliseconds(searcher: Searcher, text: str) -> float:
    start = time.perf_counter_ns()
    answer_to(searcher, text)
    return (time.perf_counter_ns() - start) / MILLISECOND


def answer_to(searcher: Searcher, text: str) -> str:
    """Return the searched text, or the reason for refusing it."""
    try:
        return searcher.search(from_args([("q", text)])).searched
    except BadQuery as error:
        return str(error)
