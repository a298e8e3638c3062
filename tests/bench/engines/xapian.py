"""Xapian as an engine: weights by field, and one value slot with the number of the set of facet values."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import xapian

from indexer.model import Issue
from tests.bench.engine import EVERY_FORM
from tests.bench.nouns import TOP, Answer, Ask, Document, newest_first
from tests.bench.sets import Counter, Sets

STEMMER = "porter"
SLOT = 0
PREFIXES = {"kind": "XK", "kernel": "XV", "topic": "XT"}
MOST_EXPANSIONS = 256  # terms with a prefix, the most frequent ones
GROWING = "growing"


class Xapian:
    """A compacted database. Documents were added newest first, which is the order of equal scores."""

    forms = EVERY_FORM

    def __init__(self, folder: Path) -> None:
        self.database = xapian.Database(str(folder))
        self.size = self.database.get_doccount()
        self.stem = xapian.Stem(STEMMER)
        self.counter = Counter(folder)

    @staticmethod
    def build(folder: Path, issues: Iterable[Issue]) -> None:
        sets = Sets()
        growing = xapian.WritableDatabase(str(folder / GROWING), xapian.DB_CREATE)
        generator = xapian.TermGenerator()
        generator.set_stemmer(xapian.Stem(STEMMER))
        generator.set_database(growing)
        generator.set_flags(xapian.TermGenerator.FLAG_SPELLING)
        for document in newest_first(issues):
            growing.add_document(indexed(document, generator, sets))
        growing.commit()
        growing.compact(str(folder))
        growing.close()
        shutil.rmtree(folder / GROWING)
        sets.write(folder)

    @staticmethod
    def version() -> str:
        return str(xapian.version_string())

    def ask(self, ask: Ask) -> Answer:
        enquire, spy = xapian.Enquire(self.database), xapian.ValueCountMatchSpy(SLOT)
        enquire.set_query(filtered(self.query(ask), ask))
        enquire.add_matchspy(spy)
        if ask.form == "browse":
            enquire.set_weighting_scheme(xapian.BoolWeight())
        hits = [hit.document.get_data().decode().split("\n", 1) for hit in enquire.get_mset(0, TOP, self.size)]
        total, facets = self.counter.counts((int(value.term, 16), value.termfreq) for value in spy.values())
        return Answer(tuple(hit[0] for hit in hits), tuple(hit[1] for hit in hits), total, facets)

    def query(self, ask: Ask) -> Any:
        """Return the words of a query."""
        query = xapian.Query
        if ask.form == "browse":
            return query.MatchAll
        if ask.form == "prefix":
            return query(query.OP_WILDCARD, ask.words[0], MOST_EXPANSIONS, query.WILDCARD_LIMIT_MOST_FREQUENT)
        if ask.form == "phrase":
            return query(query.OP_PHRASE, list(ask.words))
        if ask.form == "fuzzy":
            return self.word(self.database.get_spelling_suggestion(ask.words[0]).decode() or ask.words[0])
        return query(query.OP_OR if ask.form == "any" else query.OP_AND, [self.word(word) for word in ask.words])

    def word(self, word: str) -> Any:
        """Return the query for a word: its stem, or the word itself if it does not begin with a letter."""
        return xapian.Query("Z" + self.stem(word).decode() if word[0].isalpha() else word)

    def close(self) -> None:
        self.database.close()


def indexed(document: Document, generator: Any, sets: Sets) -> Any:
    """Return a document in Xapian's form."""
    made = xapian.Document()
    generator.set_document(made)
    for text, weight in (
        (document.title, 3),
        (document.body, 1),
        (" ".join(document.names), 4),
        (document.author, 2),
    ):
        generator.index_text(text, weight)
        generator.increase_termpos()
    for facet, value in document.pairs():
        made.add_boolean_term(f"{PREFIXES[facet]}:{value}")
    made.add_value(SLOT, f"{sets.of(document):x}")
    made.set_data(f"{document.id}\n{document.title}")
    return made


def filtered(query: Any, ask: Ask) -> Any:
    """Return a query with the filters, which do not affect the score."""
    if not ask.filters:
        return query
    terms = [f"{PREFIXES[facet]}:{value}" for facet, value in ask.filters]
    return xapian.Query(xapian.Query.OP_FILTER, query, xapian.Query(xapian.Query.OP_AND, terms))
