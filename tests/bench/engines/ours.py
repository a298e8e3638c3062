"""backissue as an engine."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from indexer import __version__
from indexer.model import Issue
from indexer.query.query import Query
from indexer.search.page import Searcher
from indexer.storage.index import open_index
from tests.bench.engine import EVERY_FORM
from tests.bench.nouns import FACETS, TOP, Answer, Ask
from tests.linux import BY_NAME


class Ours:
    """The index of a data folder, queried as the pages do."""

    forms = EVERY_FORM

    def __init__(self, folder: Path) -> None:
        self.index = open_index(folder)
        self.searcher = Searcher(self.index)

    @staticmethod
    def build(folder: Path, issues: Iterable[Issue]) -> None:
        from tests.bench import corpus, writing  # imported here, so that queries do not load the parser and the writer

        writing.write(corpus.shipped(folder), issues)

    @staticmethod
    def version() -> str:
        return __version__

    def ask(self, ask: Ask) -> Answer:
        found = self.searcher.find(query(ask))
        headings = [self.index.heading(top.doc) for top in found.top]
        return Answer(
            ids=tuple([entry_id for entry_id, _ in headings]),
            titles=tuple([title for _, title in headings]),
            total=found.total,
            facets={name: found.best.narrowed.numbers(BY_NAME[name]) for name in FACETS},
        )

    def close(self) -> None:
        self.index.close()


def query(ask: Ask) -> Query:
    """Return a benchmark query as a query of backissue."""
    text = " ".join(ask.words)
    written = {"any": " OR ".join(ask.words), "phrase": f'"{text}"', "prefix": f"{text}*"}
    return Query(written.get(ask.form, text), {facet: (value,) for facet, value in ask.filters}, limit=TOP)
