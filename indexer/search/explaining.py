"""Explain the scores of hits: the terms of each sum, then the factors."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import repeat

import numpy as np

from indexer.catalog.answers import Reason
from indexer.search import facets
from indexer.search.finding import Finder
from indexer.search.found import Found
from indexer.search.scoring import Scored
from indexer.storage.index import Ids


def explanations(finder: Finder, found: Found) -> Iterator[tuple[Reason, ...]]:
    """Yield the parts of the score of each hit."""
    docs = np.array([top.doc for top in found.top], dtype=np.intp)
    parts = [values_in(part.scored, docs) for part in found.matched.parts]  # for all hits at once, which is faster
    values: Iterator[Sequence[float]] = zip(*parts, strict=True) if parts else repeat(())
    for doc in docs.tolist():
        yield tuple(explanation(finder, found, doc, next(values)))


def explanation(finder: Finder, found: Found, doc: int, values: Sequence[float]) -> Iterator[Reason]:
    """Yield the parts of an entry's score; `values` are those of the parts of the sum."""
    matched, scorer = found.matched, finder.scorer
    at = int(np.searchsorted(matched.scored.ids, doc))
    if at == len(matched.scored.ids) or matched.scored.ids[at] != doc:
        yield Reason("=", "similar in meaning, without any of the words", 0.0)
        return
    added = [
        Reason("+", f"{part.term} in {part.field}{f', {part.relation}' if part.relation else ''}", value)
        for part, value in zip(matched.parts, values, strict=True)
        if value
    ]
    yield from sorted(added, key=lambda reason: -reason.value)
    if matched.shares is not None:
        share = f"{matched.shares[at]:.0%} of the words' weight, cubed, times 1 + the sum"
        yield Reason("=", share, float(matched.scored.scores[at]))
    yield Reason("×", f"kind {', '.join(finder.index.values('kind').of(doc))}", float(scorer.kind_weights[doc]))
    if (nesting := float(scorer.nesting[doc])) != 1:
        yield Reason("×", "a patch below its cover letter", nesting)
    if (mending := float(scorer.mending[doc])) != 1:
        yield Reason("×", "a patch that fixes something", mending)
    if found.best.asks_for_changes:
        yield Reason("+", "an entry of the version", 1.0)
        yield Reason("×", "what is new in a version comes first", float(scorer.change_weights[doc]))
    surer = facets.surer(finder.index, found.best.versions, matched.scored.ids[at : at + 1])
    if surer is not None and surer[0] != 1:
        known = "the requested version is certain" if surer[0] > 1 else "its date allows several versions"
        yield Reason("×", known, float(surer[0]))


def values_in(scored: Scored, docs: Ids) -> list[float]:
    """Return the scores of entries in a part, 0 for those that are not in it."""
    if not len(scored.ids):
        return [0.0] * len(docs)
    at = scored.ids.searchsorted(docs)
    held = scored.ids.take(at, mode="clip") == docs
    found: list[float] = (scored.scores.take(at, mode="clip") * held).tolist()
    return found
