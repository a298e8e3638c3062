"""Describe sets of scored entries in the cluster's query language."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, cast

from indexer.engines.opensearch.asking import ALL, NONE, Asking, Dsl
from indexer.search.scoring import Deferred, Scored
from indexer.storage.index import Floats, Ids


class Countable:
    """Entries that match a condition. Their number is requested on demand."""

    __slots__ = ("asking", "query")

    def __init__(self, asking: Asking, query: Dsl) -> None:
        self.asking = asking
        self.query = query

    def __len__(self) -> int:
        return 0 if self.query == NONE else self.asking.count(self.query)


class Sought(Deferred):
    """Entries described by a query of the cluster, with its scores."""

    __slots__ = ()

    @property
    def query(self) -> Dsl:
        """The query."""
        return cast("Dsl", self.scores)

    @property
    def asking(self) -> Asking:
        """The access to the cluster."""
        return cast("Countable", self.ids).asking

    def any_of(self, parts: Sequence[Scored]) -> Scored:
        """Return the entries of any part, with the sum of their scores."""
        return sought(self.asking, any_query(described(parts)))

    def all_of(self, parts: Sequence[Scored]) -> Scored:
        """Return the entries that are in all parts, with the sum of their scores."""
        queries = described(parts)
        return sought(self.asking, {"bool": {"must": queries}} if len(queries) == len(parts) else NONE)

    def without(self, excluded: Iterable[Scored]) -> Scored:
        """Return these entries without others."""
        return sought(self.asking, {"bool": {"must": [self.query], "must_not": described(list(excluded))}})

    def weighed(self, weight: float) -> Scored:
        """Return these entries with their scores multiplied."""
        return sought(self.asking, boosted(self.query, weight))


def sought(asking: Asking, query: Dsl, counted: Dsl | None = None) -> Sought:
    """Return the entries of a query. `counted` is a simpler query that finds the same entries."""
    return Sought(cast("Ids", Countable(asking, counted or query)), cast("Floats", query))


def described(parts: Sequence[Scored]) -> list[Dsl]:
    """Return the queries of the parts that are not empty."""
    return [part.query for part in parts if isinstance(part, Sought) and part.query != NONE]


def query_of(part: Scored) -> Dsl:
    """Return the query of a part. A part without one is empty."""
    return part.query if isinstance(part, Sought) else NONE


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
            ((field, asked),) = each["term"].items()
            terms.setdefault(field, []).append(asked["value"] if isinstance(asked, dict) else asked)
        else:
            others.append(each)
    return any_query([*({"terms": {field: values}} for field, values in terms.items()), *others])


def alternatives(query: Dsl) -> Iterator[Dsl]:
    """Yield the alternatives of a query."""
    held = query.get("bool", {})
    if held.keys() <= {"must", "boost"} and len(held.get("must", ())) == 1:
        yield from alternatives(held["must"][0])
    elif held.keys() == {"should", "minimum_should_match"}:
        for each in held["should"]:
            yield from alternatives(each)
    elif query != NONE:
        yield query


def boosted(query: Dsl, weight: float) -> Dsl:
    """Return a query whose score is multiplied."""
    if "term" in query:
        ((field, asked),) = query["term"].items()
        return {"term": {field: asked | {"boost": asked.get("boost", 1.0) * weight}}}
    return {"bool": {"must": [query], "boost": weight}}


def unscored(asking: Asking, conditions: Sequence[Dsl]) -> Sought:
    """Return the entries that match some conditions, with score zero."""
    return sought(asking, {"bool": {"filter": list(conditions)}} if conditions else ALL)
