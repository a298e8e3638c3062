"""Describe sets of scored entries in the cluster's query language."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, cast

from indexer.engines.opensearch.requests import ALL, NONE, Dsl, Requests
from indexer.search.scoring import Deferred, Scored
from indexer.storage.index import Floats, Ids


class Countable:
    """Entries that match a condition. Their number is requested on demand."""

    __slots__ = ("query", "requests")

    def __init__(self, requests: Requests, query: Dsl) -> None:
        self.requests = requests
        self.query = query

    def __len__(self) -> int:
        return 0 if self.query == NONE else self.requests.count(self.query)


class ClusterScored(Deferred):
    """Entries described by a query of the cluster, with its scores."""

    __slots__ = ()

    @property
    def query(self) -> Dsl:
        """The query."""
        return cast("Dsl", self.scores)

    @property
    def requests(self) -> Requests:
        """The access to the cluster."""
        return cast("Countable", self.ids).requests

    def any_of(self, parts: Sequence[Scored]) -> Scored:
        """Return the entries of any part, with the sum of their scores."""
        return scored_by(self.requests, any_query(described(parts)))

    def all_of(self, parts: Sequence[Scored]) -> Scored:
        """Return the entries that are in all parts, with the sum of their scores."""
        queries = described(parts)
        return scored_by(self.requests, {"bool": {"must": queries}} if len(queries) == len(parts) else NONE)

    def without(self, excluded: Iterable[Scored]) -> Scored:
        """Return these entries without others."""
        return scored_by(self.requests, {"bool": {"must": [self.query], "must_not": described(list(excluded))}})

    def weighed(self, weight: float) -> Scored:
        """Return these entries with their scores multiplied."""
        return scored_by(self.requests, boosted(self.query, weight))


def scored_by(requests: Requests, query: Dsl, counted: Dsl | None = None) -> ClusterScored:
    """Return the entries of a query. `counted` is a simpler query that finds the same entries."""
    return ClusterScored(cast("Ids", Countable(requests, counted or query)), cast("Floats", query))


def described(parts: Sequence[Scored]) -> list[Dsl]:
    """Return the queries of the parts that are not empty."""
    return [part.query for part in parts if isinstance(part, ClusterScored) and part.query != NONE]


def query_of(part: Scored) -> Dsl:
    """Return the query of a part. A part without one is empty."""
    return part.query if isinstance(part, ClusterScored) else NONE


def any_query(queries: Sequence[Dsl]) -> Dsl:
    """Return the query for entries that match any of the queries."""
    if len(queries) < 2:
        return queries[0] if queries else NONE
    return {"bool": {"should": list(queries), "minimum_should_match": 1}}


def condition(query: Dsl) -> Dsl:
    """Return a query for the same entries with fewer clauses, ignoring scores."""
    terms: dict[str, list[Any]] = {}
    others = []
    for each in alternatives(query):
        if "term" in each:
            ((field, wanted),) = each["term"].items()
            terms.setdefault(field, []).append(wanted["value"] if isinstance(wanted, dict) else wanted)
        else:
            others.append(each)
    return any_query([*({"terms": {field: values}} for field, values in terms.items()), *others])


def alternatives(query: Dsl) -> Iterator[Dsl]:
    """Yield the alternatives of a query."""
    parts = query.get("bool", {})
    if parts.keys() <= {"must", "boost"} and len(parts.get("must", ())) == 1:
        yield from alternatives(parts["must"][0])
    elif parts.keys() == {"should", "minimum_should_match"}:
        for each in parts["should"]:
            yield from alternatives(each)
    elif query != NONE:
        yield query


def boosted(query: Dsl, weight: float) -> Dsl:
    """Return a query whose score is multiplied."""
    if "term" in query:
        ((field, wanted),) = query["term"].items()
        return {"term": {field: wanted | {"boost": wanted.get("boost", 1.0) * weight}}}
    return {"bool": {"must": [query], "boost": weight}}


def unscored(requests: Requests, conditions: Sequence[Dsl]) -> ClusterScored:
    """Return the entries that match some conditions, with score zero."""
    return scored_by(requests, {"bool": {"filter": list(conditions)}} if conditions else ALL)
