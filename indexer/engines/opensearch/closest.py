"""The entries closest to a query that none matches in full, described: share³ · (1 + BM25).

Each factor of the share is a sum of weights, one for each word that an entry has.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np

from indexer.engines.opensearch.asking import NONE, Dsl
from indexer.engines.opensearch.sought import any_query, described, query_of, sought
from indexer.query.tree import Match, Node, Not, Word, conjuncts
from indexer.search.fallback import NEAR_SHARE, Stretch, related, wanted, weight_of
from indexer.search.matching import Matched, Matcher
from indexer.search.scoring import Scored

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


def closest(matcher: Matcher, tree: Node) -> Matched:
    """Return every entry that has some of a tree's words."""
    said = matcher.said
    held, found = zip(*matcher.conjuncts(list(wanted(tree))), strict=True)
    said.absent += [
        node.text
        for group, each in zip(held, found, strict=True)
        for node in group
        if isinstance(node, Word) and not len(each.ids)
    ]
    weights = [weight_of(matcher, group, each) for group, each in zip(held, found, strict=True)]
    near = dict(related(matcher, held))
    query = any_query(described([*found, *near.values()]))
    scored: Dsl = {"bool": {"must": [query, {"match_all": {}}]}}
    for _ in range(POWER):
        scored = multiplied(scored, shares(found, near, weights), sum(weights))
    others = [node for node in conjuncts(tree) if isinstance(node, Not | Match)]
    if others:
        scored = {"bool": {"must": [scored], "filter": [query_of(matcher.conjunction(others))]}}
    said.shares = np.empty(0, dtype=np.float32)  # there are some: which, the cluster knows
    like = next((each for each in (*found, *near.values()) if hasattr(each, "asking")), None)
    said.scored = sought(like.asking, scored) if like is not None and query != NONE else Scored(*said.scored)
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
