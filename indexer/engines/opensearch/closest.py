"""The entries closest to a query that none matches in full, described: share³ · (1 + BM25).

Each factor of the share is a sum of weights, one for each word that an entry has.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import cast

from indexer.engines.opensearch.asking import NONE, Asking, Dsl
from indexer.engines.opensearch.sought import any_query, described, query_of, sought
from indexer.query.tree import Match, Node, Not, conjuncts
from indexer.search.fallback import NEAR_SHARE, Stretch, sharing
from indexer.search.matching import Matched, Matcher
from indexer.search.scoring import Scored
from indexer.storage.index import Floats

POWER = 3


@dataclass(slots=True)
class Row:
    """A word in the share: its weight, which entries have it, and which have one of related meaning in its place."""

    weight: float
    has: Dsl
    near: Dsl

    def value(self, state: int) -> float:
        """Return the part of the share of an entry that has the word (2), one near to it (1) or neither (0)."""
        return (0.0, NEAR_SHARE * self.weight, self.weight)[state]

    def state(self, state: int) -> Dsl:
        """Return the condition for the entries that have the word, one near to it, or neither."""
        if state:
            return self.has if state == 2 else self.near
        return {"bool": {"must_not": [self.has, self.near]}}


class Shares:
    """The shares of some entries, of which only the highest is ever asked for."""

    def __init__(self, asking: Asking, query: Dsl) -> None:
        self.asking = asking
        self.query = query

    def under(self, limits: Sequence[Dsl]) -> Shares:
        """Return the shares of those entries that meet some conditions, too."""
        return Shares(self.asking, {"bool": {"must": [self.query], "filter": list(limits)}})

    def max(self, initial: float = 0) -> float:
        """Return the highest share, `initial` where there is no entry."""
        answer = self.asking.search({"size": 1, "query": self.query, "_source": False, "track_total_hits": False})
        return max(initial, float(answer["hits"]["max_score"] or 0))


def closest(matcher: Matcher, asking: Asking, tree: Node, wished: Sequence[Node] = ()) -> Matched:
    """Return every entry that has some of a tree's words; `wished` filters only add to the score."""
    said = matcher.said
    found, weights, near = sharing(matcher, tree, wished)
    rows, whole = shares(found, near, weights), sum(weights)
    some: Dsl = any_query(described([*found, *near.values()]))
    others = [node for node in conjuncts(tree) if isinstance(node, Not | Match)]
    left = [query_of(matcher.conjunction(others))] if others else []
    scored: Dsl = {"bool": {"must": [some, {"match_all": {}}], "filter": left}}
    for _ in range(POWER):
        scored = multiplied(scored, rows, whole)
    share: Dsl = {"bool": {"must": [{"constant_score": {"filter": some}}], "filter": left}}
    said.shares = cast("Floats", Shares(asking, multiplied(share, rows, whole)))
    said.scored = sought(asking, NONE if some == NONE else scored)
    return said


def multiplied(query: Dsl, rows: Sequence[Row], whole: float) -> Dsl:
    """Return a query whose scores are multiplied by the share of the words that an entry has."""
    functions = [
        {"filter": row.state(state), "weight": row.value(state) / whole}
        for row in rows
        for state in (1, 2)
        if row.state(state) != NONE
    ]
    return {
        "function_score": {
            "query": query,
            "functions": functions,
            "score_mode": "sum",
            "boost_mode": "multiply",
        }
    }


def shares(found: Sequence[Scored], near: Mapping[Stretch, Scored], weights: Sequence[float]) -> list[Row]:
    """Return for each word which entries have it, and which have one of related meaning, stretch by stretch."""
    rows = [Row(weight, query_of(each), NONE) for weight, each in zip(weights, found, strict=True)]
    for (start, end), each in near.items():
        some = rows[start:end]
        least = NEAR_SHARE * sum(row.weight for row in some)
        states = product((0, 1, 2), repeat=len(some))
        lacking = [each for each in states if sum(map(Row.value, some, each)) < least - 1e-6]
        short = any_query([met([row.state(n) for row, n in zip(some, each, strict=True)]) for each in lacking])
        now = met([query_of(each), short])
        for row in some:
            row.has, row.near = changed(row, now)
    return rows


def changed(row: Row, now: Dsl) -> tuple[Dsl, Dsl]:
    """Return which entries have a word, and which one near to it, where some have one near to it now."""
    has: Dsl = {"bool": {"filter": [row.has], "must_not": [now]}} if row.has != NONE else NONE
    return has, any_query([each for each in (row.near, now) if each != NONE])


def met(conditions: Sequence[Dsl]) -> Dsl:
    return NONE if NONE in conditions else {"bool": {"filter": list(conditions)}}
