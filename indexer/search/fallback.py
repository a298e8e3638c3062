"""The entries closest to a query that no entry matches in full: all that have some of its words, best share first."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

import numpy as np

from indexer.analysis import tokens
from indexer.query.tree import And, Match, Node, Not, Or, Phrase, Word, conjuncts
from indexer.search.matching import Matched, Matcher
from indexer.search.scoring import Scored, any_of, looked_up

NAME_WEIGHT = 6.0  # of an identifier in the share, compared with a plain word of the same frequency
LIKE_A_NAME = re.compile(r"\w_\w|[a-z0-9][A-Z]|\w\.\w|\w\(\)|^[0-9a-f]*\d[0-9a-f]{6,}$")


def has_several_words(tree: Node) -> bool:
    """Return whether some of a tree's words can be found without the others."""
    return len(list(wanted(tree))) > 1


def closest(matcher: Matcher, tree: Node) -> Matched:
    """Return every entry that has some of a tree's words, scored by share³ · (1 + BM25).

    An entry's share is its part of the words' weight, which is their inverse document frequency.
    """
    said = matcher.said
    nodes = list(wanted(tree))
    held, found = zip(*matcher.conjuncts(nodes), strict=True)
    said.absent += [
        node.text
        for group, each in zip(held, found, strict=True)
        for node in group
        if isinstance(node, Word) and not len(each.ids)
    ]
    weights = [weight_of(matcher, group, each) for group, each in zip(held, found, strict=True)]
    shares = [
        Scored(each.ids, np.full(len(each.ids), weight / sum(weights), np.float32))
        for each, weight in zip(found, weights, strict=True)
    ]
    share, sums = any_of(shares, matcher.size), any_of(found, matcher.size)
    others = [node for node in conjuncts(tree) if isinstance(node, Not | Match)]
    keep = (
        looked_up(matcher.conjunction(others), share.ids, matcher.size)[0] if others else np.ones(len(share.ids), bool)
    )
    said.shares = share.scores[keep]
    said.scored = Scored(share.ids[keep], said.shares**3 * (1 + sums.scores[keep]))
    return said


def weight_of(matcher: Matcher, nodes: Iterable[Node], found: Scored) -> float:
    """Return how much of the whole query some words are."""
    idf = matcher.words.scorer.idf(len(found.ids))
    named = any(isinstance(node, Word) and LIKE_A_NAME.search(node.text) for node in nodes)
    return idf * NAME_WEIGHT if named else idf


def wanted(tree: Node) -> Iterator[Node]:
    """Yield the words, phrases and choices of a tree; each token of a word counts by itself."""
    for node in conjuncts(tree):
        if isinstance(node, Word) and not node.prefix:
            yield from divided(node)
        elif isinstance(node, Or | Phrase | And | Word):
            yield node


def divided(word: Word) -> Iterator[Word]:
    """Yield the tokens of a word: those of x86/jit-fix are three."""
    for token in tokens(word.text):
        yield Word(word.text[token[0].start : token[-1].end])
