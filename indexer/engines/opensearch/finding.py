"""Find the entries of a query in a cluster, with one request after its words are resolved."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any, cast

from indexer.catalog.facets import Facet
from indexer.engines.opensearch import ready
from indexer.engines.opensearch.conditions import conditions, dated, every, having, one_of, with_value
from indexer.engines.opensearch.index import ClusterIndex
from indexer.engines.opensearch.mapping import newest_of
from indexer.engines.opensearch.requests import MOST_BUCKETS, NONE, Dsl, Requests
from indexer.engines.opensearch.scored import ClusterScored, Countable, query_of, scored_by, unscored
from indexer.model import pairs_of
from indexer.query.fields import DATED, HOW
from indexer.query.parser import gathered
from indexer.query.query import Query
from indexer.query.tree import Match, Node
from indexer.search import facets as facet
from indexer.search.facets import Narrowed, left_out, pairs, pairs_wanted
from indexer.search.found import Answer, Top
from indexer.search.intent import Intent
from indexer.search.matching import Matched, Matcher
from indexer.search.scoring import OPTIONAL_WEIGHT, SURE_WEIGHT, UNSURE_WEIGHT, Scored
from indexer.storage.index import Ids

FIRST_NEWEST: list[Dsl] = [{"day": "desc"}, {"place": "asc"}, {"n": "asc"}]
SORTS: dict[str, list[Dsl]] = {
    "relevance": [{"_score": "desc"}, *FIRST_NEWEST],
    "newest": FIRST_NEWEST,
    "oldest": [{"day": "asc"}, {"place": "asc"}, {"n": "asc"}],
}
SERIES = "series of the hits"


class ClusterMatcher(Matcher):
    """Matches one query, and describes the result as a query of the cluster."""

    @property
    def requests(self) -> Requests:
        return cast("ClusterIndex", self.index).requests

    def prefetch(self, parts: Sequence[Scored]) -> None:
        """Count the entries of some parts, with one request."""
        self.requests.counts([query for part in parts if (query := query_of(part)) != NONE])

    def add(self, optional: Sequence[Node]) -> None:
        """Add the scores of optional words to the entries that contain them."""
        for node in optional:
            worth: Dsl = {"bool": {"must": [query_of(self.node(node))], "boost": OPTIONAL_WEIGHT}}
            query: Dsl = {"bool": {"must": [query_of(self.result.scored)], "should": [worth]}}
            self.result.scored = scored_by(self.requests, query)

    def field(self, node: Match) -> Scored:
        """Return the entries with a value in a field."""
        if node.field in self.index.about.facet:
            return self.filtered([node])
        query = dated(node) if node.field in DATED else with_value(self.index.about, node)
        return unscored(self.requests, [query])

    def filtered(self, nodes: Iterable[Match]) -> Scored:
        """Return the entries that match filters, as if these were selected. Unknown values become notices."""
        query, notices = facet.resolved(self.index, Query(filters=gathered(nodes)))
        self.result.notices += notices
        return unscored(self.requests, having(self.index.about, query.filters))


class Run(Narrowed):
    """A lazy search: one request gets the total and the hits, and another all counts, which nodes cache."""

    def __init__(self, index: ClusterIndex, intent: Intent, matched: Matched, query: Query) -> None:
        self.index = index
        self.cluster = index
        self.selected = query.filters
        self.wanted = query
        self.intent = intent
        self.query = query_of(matched.scored)
        self.limits = conditions(index.about, query.filters)
        self.ids = cast("Ids", Countable(index.requests, self.query) if self.limits else Total(self))
        self.left = None

    @cached_property
    def answer(self) -> Dsl:
        """The cluster's response with the total and the hits."""
        query = self.wanted
        body: Dsl = {
            "from": (query.page - 1) * query.limit,
            "size": query.limit,
            "query": {"bool": {"must": [self.scored], "filter": list(self.limits.values())}},
            "sort": SORTS.get(query.sort) or [{newest_of(query.sort): "desc"}, *FIRST_NEWEST],
            "track_scores": True,
            "track_total_hits": True,
        }
        return self.cluster.requests.search(body | ({"collapse": {"field": "group"}} if self.folds else {}))

    @cached_property
    def aggregations(self) -> Dsl:
        """The cluster's response with the counts of all facets, and of the series if they are folded."""
        wanted = {each.name: self.counting(each) for each in self.index.about.facets}
        series: Dsl = {"terms": {"field": "series", "size": MOST_BUCKETS}}
        wanted |= {SERIES: self.among((), series)} if self.folds else {}
        body: Dsl = {"size": 0, "query": every([self.query]), "aggs": wanted}
        return dict(self.cluster.requests.search(body)["aggregations"])

    def counted(self, name: str) -> Dsl:
        """Return the result of an aggregation of `among`."""
        result = self.aggregations[name]
        return dict(result.get("of", result))

    @property
    def folds(self) -> bool:
        """Whether series are folded to their best entry."""
        return self.wanted.fold and self.wanted.sort == "relevance"

    @property
    def total(self) -> int:
        """The number of entries that match all filters."""
        return int(self.answer["hits"]["total"]["value"])

    def top(self) -> tuple[list[Top], int]:
        """Return the hits of the page, and the number of hits on all pages."""
        found = [(self.cluster.keep(hit), float(hit["_score"] or 0)) for hit in self.answer["hits"]["hits"]]
        if not self.folds:
            return [Top(record["id"], score) for record, score in found], self.total
        numbers, folded = self.series([record["series"] for record, _ in found if record["series"]])
        tops = [Top(record["id"], score, numbers.get(record["series"] or "", 1) - 1) for record, score in found]
        return tops, self.total - folded

    def series(self, wanted: Sequence[str]) -> tuple[Mapping[str, int], int]:
        """Return the number of found entries of some series, and how many entries are folded in all series."""
        every_series = self.counted(SERIES)
        if not every_series["sum_other_doc_count"]:
            numbers = {str(bucket["key"]): int(bucket["doc_count"]) for bucket in every_series["buckets"]}
            return numbers, sum(numbers.values()) - len(numbers)
        requests, found = self.cluster.requests, every([self.query, *self.limits.values()])
        some = {"terms": {"series": [ready.value(name) for name in wanted]}}
        return requests.values("series", every([found, some])), requests.repeats("series", found)

    @property
    def scored(self) -> Dsl:
        """The query with final scores."""
        scored = scaled(self.query, "prior")
        if self.intent.changes:
            one: Dsl = {"match_all": {}}
            scored = scaled({"bool": {"must": [scored, one]}}, "change")
        facets = self.index.about.versions
        requested = {each: (*self.wanted.selected(each), *self.intent.values(each)) for each in facets}
        known = [
            one_of(pairs_of(each), pairs(versions, ("stated", "landed", "merged")))
            for each, versions in requested.items()
            if versions
        ]
        if not known:
            return scored
        sure: Dsl = known[0] if len(known) == 1 else {"bool": {"should": known, "minimum_should_match": 1}}
        several: Dsl = {"bool": {"filter": [{"term": {"several": True}}], "must_not": [sure]}}
        functions = [{"filter": sure, "weight": SURE_WEIGHT}, {"filter": several, "weight": UNSURE_WEIGHT}]
        return {"function_score": {"query": scored, "functions": functions, "boost_mode": "multiply"}}

    def numbers(self, facet: Facet) -> dict[str, int]:
        """Count the entries of each value of a facet, without zeros."""
        buckets = self.counted(facet.name)["buckets"]
        pairs = buckets.items() if isinstance(buckets, dict) else ((each["key"], each) for each in buckets)
        return {str(value): int(each["doc_count"]) for value, each in pairs if each["doc_count"]}

    def counting(self, facet: Facet) -> Dsl:
        """Return the aggregation that counts a facet under all filters except its own."""
        about = self.index.about
        own = tuple(left_out(about, facet.name))
        names = self.index.values(facet.field).names if facet.order == "version" or facet.name == HOW else ()
        paired = pairs_wanted(about, facet, names, self.selected)
        if paired is None:
            return self.among(own, {"terms": {"field": facet.field, "size": MOST_BUCKETS}})
        filters = {
            value: {"bool": {"should": [one_of(*each) for each in wanted], "minimum_should_match": 1}}
            for value, wanted in paired.items()
        }
        return self.among(own, {"filters": {"filters": filters}})

    def among(self, without: Sequence[str], counted: Dsl) -> Dsl:
        """Return an aggregation of the entries that match all filters except `without`."""
        left = [condition for name, condition in self.limits.items() if name not in without]
        return {"filter": every(left), "aggs": {"of": counted}} if left else counted


class Total(Countable):
    """The number of entries of a run."""

    __slots__ = ("run",)

    def __init__(self, run: Run) -> None:
        super().__init__(run.cluster.requests, run.query)
        self.run = run

    def __len__(self) -> int:
        return self.run.total


def narrowed(index: ClusterIndex, intent: Intent, matched: Matched, query: Query) -> Answer:
    """Return the answer of a query among the matching entries."""
    run = Run(index, intent, matched, query)
    if matched.shares is not None:
        matched.shares = cast("Any", matched.shares).under(list(run.limits.values()))
    matched.scored = ClusterScored(cast("Ids", Total(run)), cast("Any", run.query))
    return Answer(intent, query, matched, run)


def scaled(query: Dsl, field: str) -> Dsl:
    """Return a query whose scores are multiplied by a field of each entry."""
    factor = {"field": field, "missing": 1}
    return {"function_score": {"query": query, "field_value_factor": factor, "boost_mode": "multiply"}}
