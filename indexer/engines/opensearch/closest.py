"""Describe the closest entries for a query that none matches in full, with the score share³ · (1 + BM25).

The query language of the cluster only adds scores, so the two factors are added as logarithms.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, cast

from indexer.engines.opensearch.requests import NONE, Dsl, Requests
from indexer.engines.opensearch.scored import any_query, condition, described, query_of, scored_by
from indexer.query.tree import Match, Node, Not, conjuncts
from indexer.search.fallback import NEAR_SHARE, Stretch, sharing
from indexer.search.matching import Matched, Matcher
from indexer.search.scoring import Scored
from indexer.storage.index import Floats

MOST_BITS = 24  # whole numbers up to 2^24 are exact scores
SHIFT = 32.0  # added to the logarithms of shares, since a score is not negative
LOG_OF_SHARE = f"3 * Math.log(_score) + {SHIFT}"
LOG_OF_SCORE = "Math.log(1 + _score)"
PRODUCT = f"Math.exp(_score - {SHIFT})"
# The share of words when related words count: one bit of the score for each word, then one for each stretch of words
# with related words.
SHARE_OF_BITS = f"""
long bits = (long) _score;
int words = params.weights.length;
double[] held = new double[words];
for (int i = 0; i < words; i++) {{ if ((bits >> i & 1) == 1) {{ held[i] = params.weights[i]; }} }}
for (int n = 0; n < params.stretches.length; n++) {{
  if ((bits >> (words + n) & 1) == 1) {{
    double has = 0; double whole = 0;
    for (int i = params.stretches[n][0]; i < params.stretches[n][1]; i++) {{
      has += held[i]; whole += params.weights[i];
    }}
    if (has < {NEAR_SHARE} * whole - 1e-6) {{
      for (int i = params.stretches[n][0]; i < params.stretches[n][1]; i++) {{
        held[i] = {NEAR_SHARE} * params.weights[i];
      }}
    }}
  }}
}}
double share = 0;
for (int i = 0; i < words; i++) {{ share += held[i]; }}
return share;
"""


class Shares:
    """The shares of some entries. Only the highest is needed."""

    def __init__(self, requests: Requests, query: Dsl) -> None:
        self.requests = requests
        self.query = query

    def under(self, limits: Sequence[Dsl]) -> Shares:
        """Return the shares of the entries that also match some conditions."""
        return Shares(self.requests, {"bool": {"must": [self.query], "filter": list(limits)}})

    def max(self, initial: float = 0) -> float:
        """Return the highest share, or `initial` if there are no entries."""
        answer = self.requests.search({"size": 1, "query": self.query, "_source": False, "track_total_hits": False})
        return max(initial, float(answer["hits"]["max_score"] or 0))


def closest(matcher: Matcher, requests: Requests, tree: Node, wished: Sequence[Node] = ()) -> Matched:
    """Return every entry that has some of a tree's words; `wished` filters only add to the score."""
    result = matcher.result
    found, weights, near = sharing(matcher, tree, wished)
    some: Dsl = any_query(described([*found, *near.values()]))
    others = [node for node in conjuncts(tree) if isinstance(node, Not | Match)]
    left = [query_of(matcher.conjunction(others))] if others else []
    share = any_query(list(shares(found, [weight / sum(weights) for weight in weights], near)))
    result.shares = cast("Floats", Shares(requests, {"bool": {"must": [share], "filter": left}}))
    both: Dsl = {"bool": {"must": [scripted(share, LOG_OF_SHARE), scripted(some, LOG_OF_SCORE)], "filter": left}}
    result.scored = scored_by(requests, NONE if some == NONE else scripted(both, PRODUCT))
    return result


def scripted(query: Dsl, source: str, **params: Any) -> Dsl:
    """Return a query whose scores a script computes; the script is constant, `params` are numbers."""
    return {"script_score": {"query": query, "script": {"source": source, "params": params}}}


def shares(found: Sequence[Scored], weights: Sequence[float], near: Mapping[Stretch, Scored]) -> Iterator[Dsl]:
    """Yield queries whose scores add up to the share of an entry."""
    has = [condition(query_of(each)) for each in found]
    for stretch, inner in runs(len(found), near):
        start, end = stretch
        rows = has[start:end]
        if not inner:
            yield from (worth(each, weight) for each, weight in zip(rows, weights[start:end], strict=True))
            continue
        others = [condition(query_of(near[each])) for each in inner]
        bits = [worth(each, 2.0**n) for n, each in enumerate((*rows, *others)) if each != NONE]
        places = [[first - start, last - start] for first, last in inner]
        yield scripted(any_query(bits), SHARE_OF_BITS, weights=list(weights[start:end]), stretches=places)


def runs(words: int, near: Mapping[Stretch, Scored]) -> Iterator[tuple[Stretch, list[Stretch]]]:
    """Yield runs of words that ranges connect, each with these ranges, as many as there are bits for."""
    start, end, inner = 0, 1, list[Stretch]()
    for at in range(words):
        if at >= end:
            yield (start, end), inner
            start, end, inner = at, at + 1, []
        for stretch in (each for each in near if each[0] == at):
            after = max(end, stretch[1])
            if after - start + len(inner) < MOST_BITS:
                end = after
                inner.append(stretch)
    if words:
        yield (start, end), inner


def worth(query: Dsl, score: float) -> Dsl:
    """Return a query for the same entries, each with the same score."""
    return NONE if query == NONE else {"constant_score": {"filter": query, "boost": score}}
