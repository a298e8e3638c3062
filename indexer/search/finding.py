"""Find the entries of a query: parse, infer filters, match, filter, rank."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property
from itertools import repeat

import numpy as np
import numpy.typing as npt

from indexer.query.parser import Parsed, parse
from indexer.query.query import Query
from indexer.query.tree import Node, Word, both, conjuncts
from indexer.search import facets as facet
from indexer.search.context import in_context
from indexer.search.expansion import Words
from indexer.search.facets import Narrowed
from indexer.search.fallback import closest, wanted
from indexer.search.found import Answer, Found, Top
from indexer.search.intent import Intent, Intents
from indexer.search.matching import Matched, Matcher
from indexer.search.order import first_of_each, lowest, newest_version_first
from indexer.search.scoring import Scored, Scorer
from indexer.search.similar import is_condition, similar
from indexer.storage.index import Ids, Index, inverse

RANK_BITS = 32
ENOUGH = 0.5  # of the words' weight
SEVERAL = 3  # minimum number of words before an entry may lack some
FEW = 5  # full matches below which partial matches are added


class Finder:
    """Finds the entries of queries in one index. Thread-safe."""

    def __init__(self, index: Index) -> None:
        self.index = index
        self.scorer = Scorer(index)
        self.words = Words(self.scorer)
        self.intents = Intents(index)

    def find(self, query: Query, *, explained: bool = False) -> Found:
        """Find the entries of a query. Raises `BadQuery` beyond the limits."""
        parsed = parse(query.text, self.index.about.fields)
        query, notices = facet.resolved(self.index, merged(query, parsed))
        full = self.narrowed(*self.full(parsed.tree, query, explained=explained), query)
        few = self.has_few(full)
        best = full if full.total and not few else self.with_similar(self.closest(full, explained=explained))
        top, results = self.ranked(best, query)
        return Found(query, parsed, full, best, top, results, tuple(notices), few)

    def full(self, tree: Node, query: Query, *, explained: bool) -> tuple[Intent, Matched]:
        """Return the entries with all words and inferred filters, ignoring selected filters.

        Inferred filters that leave no full match are dropped, unless nothing is found without them either.
        """
        if not query.literal and len(conjuncts(tree)) > 1:
            tree = in_context(self.matcher(query, explained=False), tree)
        intent = Intent(tree) if query.literal else self.intents.of(tree)
        matched = self.match(intent, query, explained=explained)
        fewer = list(self.intents.with_fewer_filters(tree, intent)) if intent.inferred else ()
        if fewer and not len(matched.scored.ids):
            for each in fewer:
                if len((found := self.match(each, query, explained=explained)).scored.ids):
                    return each, found
        return intent, matched

    def match(self, intent: Intent, query: Query, *, explained: bool) -> Matched:
        matcher = self.matcher(query, explained=explained)
        return matcher.match(intent.with_filters(), intent.optional)

    def matcher(self, query: Query, *, explained: bool) -> Matcher:
        """Return a matcher with the settings of a query."""
        return Matcher(self.words, literal=query.literal, explained=explained)

    def nearest(self, matcher: Matcher, tree: Node, wished: Sequence[Node] = ()) -> Matched:
        """Return every entry that has some of a tree's words; `wished` filters only add to the score."""
        return closest(matcher, tree, wished)

    def has_few(self, full: Answer) -> bool:
        """Return whether there are so few full matches that partial matches are added.

        Selected filters do not matter here, so that facet counts stay exact.
        """
        nodes = conjuncts(full.intent.tree)
        plain = len(nodes) >= SEVERAL and all(isinstance(node, Word) and not node.prefix for node in nodes)
        ranked = full.query.sort == "relevance" and not full.query.literal
        return plain and ranked and 0 < len(full.narrowed.ids) <= FEW

    def closest(self, full: Answer, *, explained: bool) -> Answer:
        """Return the entries with some of the words, for queries without a full match under the filters.

        Inferred filters are dropped if no entry under them has ENOUGH of the words. If the selected filters exclude
        all of these, optional words count too.
        """
        best = full
        for intent in self.intents.closer(full.intent):
            if found := self.partial(intent, full.query, explained=explained):
                best, shares = found, found.matched.shares
                if shares is not None and shares.max(initial=0) >= ENOUGH:
                    break
        if full.intent.optional and not best.total and len(best.narrowed.ids):
            return self.partial(full.intent.with_optional_words(), full.query, explained=explained) or best
        return best

    def partial(self, intent: Intent, query: Query, *, explained: bool) -> Answer | None:
        """Return the entries with some of the words of an intent, or None if it has too few words."""
        wished = [both(each.nodes) for each in intent.wished]
        if len(words := list(wanted(intent.tree))) + len(wished) < 2 and not self.has_nearby(words, query):
            return None
        matcher = self.matcher(query, explained=explained)
        matched = self.nearest(matcher, intent.with_filters(), wished)
        matcher.add(intent.optional)
        return self.narrowed(intent, matched, query)

    def with_similar(self, answer: Answer) -> Answer:
        """Return the closest matches with the entries that are similar in meaning, if the extra is installed."""
        query = answer.query
        if not self.index.has_vectors or query.literal or query.sort != "relevance" or answer.matched.shares is None:
            return answer
        conditions = list(filter(is_condition, conjuncts(answer.intent.with_filters())))
        among = facet.having(self.index, query.filters).copy()
        among &= np.isin(self.index.all, self.matcher(query, explained=False).conjunction(conditions).ids)
        return answer._replace(similar=similar(self.index, answer.intent, answer.matched.corrected, among))

    def has_nearby(self, words: Sequence[Node], query: Query) -> bool:
        """Return whether there are words of related meaning to the only word."""
        typed = [word.text for word in words if isinstance(word, Word)]
        return bool(typed) and not query.literal and bool(self.words.synonyms.nearby(typed))

    def narrowed(self, intent: Intent, matched: Matched, query: Query) -> Answer:
        narrowed = Narrowed(self.index, matched.scored.ids, query.filters)
        if narrowed.left is not None:
            matched.keep(narrowed.left)
        return Answer(intent, query, matched, narrowed)

    def ranked(self, answer: Answer, query: Query) -> tuple[list[Top], int]:
        """Return a page's entries in the requested order, and the number of hits on all pages.

        The score of an entry is that of its words, times the weights of its kind and of a requested version.
        """
        if answer.matched.scored is self.words.everything() and not answer.asks_for_changes and not query.fold:
            return self.unranked(query)
        scored, moved = self.scored(answer), frozenset[int]()
        if answer.similar:
            scored, moved = answer.similar.promoted(scored, query.limit)
        ids, scores = scored
        by_score = query.sort == "relevance"
        places = self.orders["newest" if by_score else query.sort]
        if len(ids) < len(places):  # else every entry was found
            places = places[ids]
        start, end = (query.page - 1) * query.limit, query.page * query.limit
        # The bits of non-negative floats sort like the floats; the lower bits hold the tie-breaker.
        order = places - (scores.view(np.int32).astype(np.int64) << RANK_BITS) if by_score else places
        if query.fold and by_score:
            kept, counts = first_of_each(self.series[ids], order)
            best = kept[lowest(order[kept], end)][start:]
            folded = counts[self.series[ids[best]]] - 1
            rows = zip(ids[best].tolist(), scores[best].tolist(), folded.tolist(), strict=True)
            results = len(kept)
        else:
            first = lowest(order, end)[start:]
            rows = zip(ids[first].tolist(), scores[first].tolist(), repeat(0), strict=False)
            results = len(ids)
        top = [Top(doc, score, more, similar=doc in moved) for doc, score, more in rows]
        if answer.similar and start < max(results, 1) <= max(start + len(top), 1):
            others = answer.similar.besides(ids)[: query.limit - len(top)]
            top += [Top(doc, 0.0, similar=True) for doc in others]
        return top, results

    def unranked(self, query: Query) -> tuple[list[Top], int]:
        """Return a page of all entries if none has a score, as `ranked` does: the newest first, if by score."""
        start, end = (query.page - 1) * query.limit, query.page * query.limit
        order = "newest" if query.sort == "relevance" else query.sort
        first = self.index.newest_first[start:end] if order == "newest" else lowest(self.orders[order], end)[start:]
        return [Top(doc, 0.0) for doc in first.tolist()], self.index.size

    def scored(self, answer: Answer) -> Scored:
        """Return the entries with their final scores."""
        ids, scores = answer.matched.scored
        scores = scores * self.scorer.prior[ids]
        if answer.asks_for_changes:
            scores = (scores + 1) * self.scorer.change_weights[ids]
        if (surer := facet.surer(self.index, answer.versions, ids)) is not None:
            scores = scores * surer
        return Scored(ids, scores)

    @cached_property
    def series(self) -> Ids:
        """The number of each entry's series, or a unique number."""
        values = self.index.values("series")
        numbers = np.arange(self.index.size, dtype=np.intp) + len(values.names)
        numbers[values.docs] = values.ids
        return numbers

    @cached_property
    def orders(self) -> dict[str, npt.NDArray[np.int64]]:
        """The rank of each entry in each sort order; ties are newest first, then in reading order."""
        index = self.index
        oldest = np.argsort(index.days, kind="stable")
        return {
            "newest": index.recency.astype(np.int64),
            "oldest": inverse(oldest).astype(np.int64),
        } | {facet: newest_version_first(index, facet) for facet in index.about.versions}


def merged(query: Query, parsed: Parsed) -> Query:
    """Return the query with the filters in its text moved to the selected filters."""
    if not parsed.filters:
        return query if query.text == parsed.text else replace(query, text=parsed.text)
    both = {
        name: tuple(dict.fromkeys((*query.selected(name), *parsed.filters.get(name, ()))))
        for name in {**dict.fromkeys(query.filters), **dict.fromkeys(parsed.filters)}
    }
    return replace(query, text=parsed.text, filters=both)
