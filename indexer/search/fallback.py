"""The entries closest to a query that no entry matches in full: all that have some of its words, best share first."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from indexer.analysis import tokens
from indexer.query.tree import And, Match, Node, Not, Or, Phrase, Word, conjuncts
from indexer.search.matching import Matched, Matcher
from indexer.search.paths import PATH
from indexer.search.scoring import Scored, any_of, looked_up
from indexer.storage.index import Floats

NAME_WEIGHT = 6.0  # of an identifier in the share, compared with a plain word of the same frequency
NEAR_SHARE = 0.6  # of a word's weight, for an entry that has a word of related meaning instead
NEAR_WEIGHT = 0.4  # of such a word in the score
WISHED_WEIGHT = 0.5  # of a filter that is only wished for, beside a word that as many entries have
LONGEST_STRETCH = 2  # words that others together are related to
LIKE_A_NAME = re.compile(r"\w_\w|[a-z0-9][A-Z]|\w\.\w|\w\(\)|^[0-9a-f]*\d[0-9a-f]{6,}$")

Stretch = tuple[int, int]


class Sharing(NamedTuple):
    """What the share of an entry is a part of: words with their weights, and stretches of them that others are near to.

    The weights are the words' inverse document frequency.
    """

    found: Sequence[Scored]
    weights: Sequence[float]
    near: Mapping[Stretch, Scored]


def sharing(matcher: Matcher, tree: Node, wished: Sequence[Node] = ()) -> Sharing:
    """Return the words of a tree that an entry may have some of; those that no entry has are said.

    Filters that are `wished` count half as much as a word.
    """
    held, found = zip(*matcher.conjuncts(list(wanted(tree))), strict=True)
    matcher.said.absent += [
        node.text
        for group, each in zip(held, found, strict=True)
        for node in group
        if isinstance(node, Word) and not len(each.ids)
    ]
    held, found = (*held, *((node,) for node in wished)), (*found, *map(matcher.node, wished))
    weights = [weight_of(matcher, group, each) for group, each in zip(held, found, strict=True)]
    weights[len(weights) - len(wished) :] = [WISHED_WEIGHT * weight for weight in weights[len(weights) - len(wished) :]]
    return Sharing(found, weights, dict(related(matcher, held)))


def closest(matcher: Matcher, tree: Node, wished: Sequence[Node] = ()) -> Matched:
    """Return every entry that has some of a tree's words, scored by share³ · (1 + BM25).

    An entry's share is its part of the words' weight.
    """
    said = matcher.said
    found, weights, near = sharing(matcher, tree, wished)
    share = shares(matcher, found, near, weights)
    scores = any_of([*found, *near.values()], matcher.size)
    others = [node for node in conjuncts(tree) if isinstance(node, Not | Match)]
    if others:
        keep = looked_up(matcher.conjunction(others), scores.ids, matcher.size)[0]
        scores = Scored(scores.ids[keep], scores.scores[keep])
    said.shares = share[scores.ids]
    said.scored = Scored(scores.ids, said.shares**3 * (1 + scores.scores))
    return said


def shares(
    matcher: Matcher, found: Sequence[Scored], near: Mapping[Stretch, Scored], weights: Sequence[float]
) -> Floats:
    """Return for each entry its part of the words' weight; of words of related meaning it has NEAR_SHARE."""
    has = np.zeros((len(found), matcher.size), dtype=np.float32)
    for row, each, weight in zip(has, found, weights, strict=True):
        row[each.ids] = weight
    for (start, end), each in near.items():
        lacking = each.ids[has[start:end, each.ids].sum(axis=0) < NEAR_SHARE * sum(weights[start:end])]
        for row, weight in zip(has[start:end], weights[start:end], strict=True):
            row[lacking] = NEAR_SHARE * weight
    share: Floats = has.sum(axis=0) / np.float32(sum(weights))
    return share


def related(matcher: Matcher, held: Sequence[Sequence[Node]]) -> Iterator[tuple[Stretch, Scored]]:
    """Yield each stretch of words that others are related to in meaning, with the entries that have one of these."""
    texts = [" ".join(node.text if isinstance(node, Word) else '"' for node in group) for group in held]
    for start in range(len(texts) if not matcher.literal else 0):
        for end in range(start + 1, min(start + LONGEST_STRETCH, len(texts)) + 1):
            others = matcher.words.meanings.nearby(" ".join(texts[start:end]).split())
            if parts := [matcher.phrase(other, NEAR_WEIGHT, "of related meaning") for other in others]:
                yield (start, end), any_of(parts, matcher.size)


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
    """Yield the tokens of a word: those of x86/jit-fix are three; a path in a source tree is one."""
    if PATH.match(word.text):
        yield word
        return
    for token in tokens(word.text):
        yield Word(word.text[token[0].start : token[-1].end])
