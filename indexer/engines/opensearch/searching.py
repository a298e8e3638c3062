"""Answer queries from a cluster. Steps that the local engine computes with arrays become requests here."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, cast

from indexer.catalog.answers import Reason
from indexer.engines.opensearch import ready
from indexer.engines.opensearch.closest import closest
from indexer.engines.opensearch.conditions import every, having
from indexer.engines.opensearch.finding import ClusterMatcher, Run, narrowed
from indexer.engines.opensearch.index import ClusterIndex
from indexer.engines.opensearch.requests import Dsl
from indexer.engines.opensearch.scored import Countable, query_of
from indexer.engines.opensearch.words import ClusterWords
from indexer.model import pairs_of
from indexer.query.query import Query
from indexer.query.tree import Node
from indexer.search.facets import pairs
from indexer.search.found import Answer, Found, Top
from indexer.search.intent import Intent, Intents
from indexer.search.matching import Matched, Matcher
from indexer.search.page import MOST_LETTERS, Searcher
from indexer.search.people import spellings
from indexer.search.scoring import SURE_WEIGHT, UNSURE_WEIGHT
from indexer.storage.cache import LRU
from indexer.storage.index import Ids


class ClusterSearcher(Searcher):
    """Answers queries from a cluster. Thread-safe."""

    def __init__(self, index: ClusterIndex) -> None:
        self.index = index
        self.cluster = index
        self.words = ClusterWords(index)
        self.scorer = self.words.scorer
        self.intents = Intents(index)
        self._records: LRU[dict[str, Any]] = LRU(MOST_LETTERS, lambda record: len(record["body"]))

    def matcher(self, query: Query, *, explained: bool) -> Matcher:
        """Return a matcher with the settings of a query."""
        return ClusterMatcher(self.words, literal=query.literal, explained=explained)

    def full(self, tree: Node, query: Query, *, explained: bool) -> tuple[Intent, Matched]:
        """Return the entries with all words and inferred filters, ignoring selected filters."""
        cast("ClusterWords", self.words).prefetch(tree)
        return super().full(tree, query, explained=explained)

    def nearest(self, matcher: Matcher, tree: Node, wished: Sequence[Node] = ()) -> Matched:
        """Return the entries with some of a tree's words. `wished` filters only affect the score."""
        cast("ClusterWords", self.words).prefetch_near(tree)
        return closest(matcher, self.cluster.requests, tree, wished)

    def narrowed(self, intent: Intent, matched: Matched, query: Query) -> Answer:
        return narrowed(self.cluster, intent, matched, query)

    def ranked(self, answer: Answer, query: Query) -> tuple[list[Top], int]:
        """Return the entries of a page in the requested order, and the number of hits on all pages."""
        return cast("Run", answer.narrowed).top()

    def total(self, query: Query, ids: Ids) -> int:
        left = [cast("Countable", ids).query] if isinstance(ids, Countable) else []
        return self.cluster.requests.count(every([*left, *having(self.index.about, query.filters)]))

    def warm(self) -> None:
        """Preload data that many searches need."""
        self.index.once(spellings)
        self.search(Query(limit=1))

    def explanations(self, found: Found) -> Iterator[tuple[Reason, ...]]:
        """Yield the parts of the score of each hit, from the cluster's explanation."""
        return (tuple(self.explanation(top.doc, found)) for top in found.top)

    def explanation(self, doc: Any, found: Found) -> Iterator[Reason]:
        """Yield the parts of an entry's score, from the cluster's explanation."""
        parts = found.matched.parts
        named = [{"bool": {"must": [query_of(part.scored)], "_name": str(n)}} for n, part in enumerate(parts)]
        query: Dsl = {"bool": {"filter": [{"term": {"id": ready.value(doc)}}], "should": named}}
        wanted = ["prior", "change", "several", *map(pairs_of, self.index.about.versions), "kind"]
        hit = self.cluster.requests.search({"query": query, "_source": False, "docvalue_fields": wanted}, named=True)[
            "hits"
        ]["hits"][0]
        values, fields = hit.get("matched_queries", {}), hit["fields"]
        added = [
            Reason("+", f"{part.term} in {part.field}{f', {part.relation}' if part.relation else ''}", values[str(n)])
            for n, part in enumerate(parts)
            if values.get(str(n))
        ]
        yield from sorted(added, key=lambda reason: -reason.value)
        if found.matched.shares is not None:
            whole: Dsl = {"bool": {"filter": query["bool"]["filter"], "must": [query_of(found.matched.scored)]}}
            score = self.cluster.requests.search({"query": whole, "_source": False})["hits"]["max_score"]
            yield Reason("=", "the share of the words' weight, cubed, times 1 + the sum", score)
        words = f"kind {', '.join(fields['kind'])}, its place in a series, and whether it is a fix"
        yield Reason("×", words, fields["prior"][0])
        if found.best.asks_for_changes:
            yield Reason("+", "an entry of the version", 1.0)
            yield Reason("×", "what is new in a version comes first", fields["change"][0])
        chosen = {facet: versions for facet, versions in found.best.versions.items() if versions}
        if chosen:
            sure = any(
                set(pairs(versions, ("stated", "landed", "merged"))) & set(fields.get(pairs_of(facet), ()))
                for facet, versions in chosen.items()
            )
            if sure or fields["several"][0]:
                known = "the requested version is certain" if sure else "its date allows several versions"
                yield Reason("×", known, SURE_WEIGHT if sure else UNSURE_WEIGHT)
