"""This project as one of the engines."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from indexer import __version__
from indexer.index.opening import open_index
from indexer.model import Issue
from indexer.search.page import Searcher
from indexer.search.parse import Query
from tests.bench.engine import EVERY_FORM
from tests.bench.nouns import FACETS, TOP, Answer, Ask


class Ours:
    """The index of a data folder, asked as the pages ask it."""

    forms = EVERY_FORM

    def __init__(self, folder: Path) -> None:
        self.index = open_index(folder)
        self.searcher = Searcher(self.index)

    @staticmethod
    def build(folder: Path, issues: Iterable[Issue]) -> None:
        from tests.bench import corpus, writing  # here, so that who asks does not load what parses and writes

        writing.write(corpus.shipped(folder), issues)

    @staticmethod
    def version() -> str:
        return __version__

    def ask(self, ask: Ask) -> Answer:
        page = self.searcher.search(query(ask))
        return Answer(
            ids=tuple(hit.record["id"] for hit in page.hits),
            titles=tuple(hit.record["title"] for hit in page.hits),
            total=page.total,
            facets={name: {count.value: count.count for count in page.facets[name]} for name in FACETS},
        )

    def close(self) -> None:
        self.index.close()


def query(ask: Ask) -> Query:
    """Return a question as this project's query."""
    text = " ".join(ask.words)
    written = {"any": " OR ".join(ask.words), "phrase": f'"{text}"', "prefix": f"{text}*"}
    return Query(written.get(ask.form, text), {facet: (value,) for facet, value in ask.filters}, limit=TOP)
