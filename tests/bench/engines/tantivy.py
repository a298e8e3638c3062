"""tantivy as an engine: fast fields counted by terms aggregations, one segment."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from importlib.metadata import version
from pathlib import Path
from typing import Any

import tantivy
from tantivy import Filter, Occur, Query, TextAnalyzer, TextAnalyzerBuilder, Tokenizer

from indexer.model import Issue
from tests.bench.engine import EVERY_FORM
from tests.bench.nouns import FACETS, TOP, WORD, Answer, Ask, Document, newest_first

BOOSTS = {"title": 3.0, "body": 1.0, "names": 4.0, "author": 2.0}
PLAIN = "plain"  # the unstemmed words of all fields, for prefixes and misspellings
MOST_VALUES = 1_000
COUNT = {facet: {"terms": {"field": facet, "size": MOST_VALUES}} for facet in FACETS}
HEAP = 1_000_000_000  # bytes; an index that fits becomes one segment
MISSPELT = 1  # edits; a transposition is one


def analyzers() -> dict[str, TextAnalyzer]:
    """Return the analyzers by name: words and identifiers whole, with and without stems."""
    lower = TextAnalyzerBuilder(Tokenizer.regex(WORD.pattern)).filter(Filter.lowercase())
    stems = TextAnalyzerBuilder(Tokenizer.regex(WORD.pattern)).filter(Filter.lowercase())
    return {"lower": lower.build(), "stems": stems.filter(Filter.stemmer("english")).build()}


def schema() -> Any:
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("id", stored=True, tokenizer_name="raw", index_option="basic")
    for field in BOOSTS:
        builder.add_text_field(field, stored=field == "title", tokenizer_name="stems")
    builder.add_text_field(PLAIN, tokenizer_name="lower", index_option="freq")
    for facet in FACETS:
        builder.add_text_field(facet, fast=True, tokenizer_name="raw", index_option="basic")
    return builder.build()


def stored(document: Document) -> Any:
    """Return a document in tantivy's form."""
    made = tantivy.Document(id=document.id, title=document.title, body=document.body, author=document.author)
    made.add_text("names", " ".join(document.names))
    made.add_text(PLAIN, document.text())
    for facet, value in document.pairs():
        made.add_text(facet, value)
    return made


class Tantivy:
    """A searcher over one segment."""

    forms = EVERY_FORM

    def __init__(self, folder: Path) -> None:
        index = tantivy.Index.open(str(folder))
        self.schema = index.schema
        self.stems = analyzers()["stems"]
        self.searcher = index.searcher()

    @staticmethod
    def build(folder: Path, issues: Iterable[Issue]) -> None:
        index = tantivy.Index(schema(), str(folder))
        for name, analyzer in analyzers().items():
            index.register_tokenizer(name, analyzer)
        writer = index.writer(heap_size=HEAP, num_threads=1)
        for document in newest_first(issues):
            writer.add_document(stored(document))
        writer.commit()
        writer.wait_merging_threads()

    @staticmethod
    def version() -> str:
        return version("tantivy")

    def ask(self, ask: Ask) -> Answer:
        wanted = self.filtered(self.query(ask), ask)
        hits = [self.searcher.doc(at) for _, at in self.searcher.search(wanted, TOP, count=False).hits]
        found = self.searcher.aggregate(wanted, COUNT)
        facets = {name: {each["key"]: each["doc_count"] for each in found[name]["buckets"]} for name in FACETS}
        total = sum(facets["kind"].values())  # every document has one kind
        return Answer(tuple(hit["id"][0] for hit in hits), tuple(hit["title"][0] for hit in hits), total, facets)

    def filtered(self, query: Query, ask: Ask) -> Query:
        """Return a query with the filters, which do not affect the score."""
        if not ask.filters:
            return query
        filters = [Query.const_score_query(Query.term_query(self.schema, *pair, "basic"), 0.0) for pair in ask.filters]
        return Query.boolean_query([(Occur.Must, each) for each in (query, *filters)])

    def query(self, ask: Ask) -> Query:
        """Return the words of a query."""
        stems = [stem for word in ask.words for stem in self.stems.analyze(word)]
        if ask.form == "browse":
            return Query.all_query()
        if ask.form == "prefix":  # takes a tenth of the time of a regular expression, which is compiled each time
            return Query.fuzzy_term_query(self.schema, PLAIN, ask.words[0], 0, prefix=True)
        if ask.form == "fuzzy":
            return Query.fuzzy_term_query(self.schema, PLAIN, ask.words[0], MISSPELT)
        if ask.form == "phrase":
            return self.in_fields(lambda field: Query.phrase_query(self.schema, field, [*stems]))
        each = [self.stem(stem) for stem in stems]
        occur = Occur.Should if ask.form == "any" else Occur.Must
        return each[0] if len(each) == 1 else Query.boolean_query([(occur, one) for one in each])

    def stem(self, stem: str) -> Query:
        return self.in_fields(lambda field: Query.term_query(self.schema, field, stem, "freq"))

    def in_fields(self, made: Callable[[str], Query]) -> Query:
        """Return the query in any of the fields, with their boosts."""
        return Query.boolean_query(
            [(Occur.Should, Query.boost_query(made(field), boost)) for field, boost in BOOSTS.items()]
        )

    def close(self) -> None:
        """Do nothing: tantivy closes its files with the searcher."""
