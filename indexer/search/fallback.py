"""The fallback for queries that no entry matches fully: rank all entries with some of the words, best share first."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from indexer.analysis import fold, tokens
from indexer.query.tree import And, Match, Node, Not, Or, Phrase, Word, conjuncts
from indexer.search.matching import Matched, Matcher
from indexer.search.paths import PATH
from indexer.search.scoring import Scored, any_of, looked_up
from indexer.storage.index import Floats

NAME_WEIGHT = 6.0  # weight of an identifier in the share, relative to a plain word of the same frequency
SLIGHT_WEIGHT = 0.2  # weight of an unspecific word such as "already", relative to another of the same frequency
NEAR_SHARE = 0.65  # share of a word's weight for a related word
NEAR_WEIGHT = 0.4  # score weight of a related word
WISHED_WEIGHT = 0.5  # weight of a value of an optional filter, relative to a word in as many entries
LONGEST_STRETCH = 2  # maximum number of words that have related words together
LIKE_A_NAME = re.compile(r"\w_\w|[a-z0-9][A-Z]|\w\.\w|\w\(\)|^(?=[a-f]*\d)[0-9a-f]{7,}$")

Stretch = tuple[int, int]


class Sharing(NamedTuple):
    """The words of a query with their weights, and the ranges of words that have related words.

    The weights are the words' inverse document frequency.
    """

    found: Sequence[Scored]
    weights: Sequence[float]
    near: Mapping[Stretch, Scored]


def sharing(matcher: Matcher, tree: Node, wished: Sequence[Node] = ()) -> Sharing:
    """Return the words of a tree for a partial match, and record those that no entry contains.

    `wished` filters count half as much as a word.
    """
    pairs = list(each_or_its_words(matcher, tree))  # none if all words of the query became filters
    held, found = tuple(nodes for nodes, _ in pairs), tuple(each for _, each in pairs)
    matcher.prefetch(found)
    matcher.result.absent += [
        node.text
        for group, each in zip(held, found, strict=True)
        for node in group
        if isinstance(node, Word) and not len(each.ids)
    ]
    held, found = (*held, *((node,) for node in wished)), (*found, *map(matcher.node, wished))
    weights = [weight_of(matcher, group, each) for group, each in zip(held, found, strict=True)]
    weights[len(weights) - len(wished) :] = [WISHED_WEIGHT * weight for weight in weights[len(weights) - len(wished) :]]
    return Sharing(found, weights, dict(related(matcher, held)))


def each_or_its_words(matcher: Matcher, tree: Node) -> Iterator[tuple[Sequence[Node], Scored]]:
    """Yield the matches of a tree's words. If no entry has words that belong together, each is matched by itself."""
    matched = list(matcher.conjuncts(list(wanted(tree))))
    matcher.prefetch([found for _, found in matched])
    for nodes, found in matched:
        if len(nodes) > 1 and not len(found.ids):
            yield from (((node,), matcher.node(node)) for node in nodes)
        else:
            yield nodes, found


def closest(matcher: Matcher, tree: Node, wished: Sequence[Node] = ()) -> Matched:
    """Return every entry that has some of a tree's words, scored by share³ · (1 + BM25).

    An entry's share is its part of the words' weight.
    """
    result = matcher.result
    found, weights, near = sharing(matcher, tree, wished)
    share = shares(matcher, found, near, weights)
    scores = any_of([*found, *near.values()], matcher.size)
    others = [node for node in conjuncts(tree) if isinstance(node, Not | Match)]
    if others:
        keep = looked_up(matcher.conjunction(others), scores.ids, matcher.size)[0]
        scores = Scored(scores.ids[keep], scores.scores[keep])
    result.shares = share[scores.ids]
    result.scored = Scored(scores.ids, result.shares**3 * (1 + scores.scores))
    return result


def shares(
    matcher: Matcher, found: Sequence[Scored], near: Mapping[Stretch, Scored], weights: Sequence[float]
) -> Floats:
    """Return each entry's share of the words' weight; related words count NEAR_SHARE."""
    has = np.zeros((len(found), matcher.size), dtype=np.float32)
    for row, each, weight in zip(has, found, weights, strict=True):
        row[each.ids] = weight
    for (start, end), each in near.items():
        lacking = each.ids[has[start:end, each.ids].sum(axis=0) < NEAR_SHARE * sum(weights[start:end])]
        for row, weight in zip(has[start:end], weights[start:end], strict=True):
            row[lacking] = NEAR_SHARE * weight
    share: Floats = has.sum(axis=0) / np.float32(sum(weights) or 1)
    return share


def related(matcher: Matcher, held: Sequence[Sequence[Node]]) -> Iterator[tuple[Stretch, Scored]]:
    """Yield each range of words that has related words, with the entries that have one of those."""
    corrected = matcher.result.corrected
    texts = [
        " ".join(corrected.get(node.text, node.text) if isinstance(node, Word) else '"' for node in group)
        for group in held
    ]
    for start in range(len(texts) if not matcher.literal else 0):
        for end in range(start + 1, min(start + LONGEST_STRETCH, len(texts)) + 1):
            others = matcher.words.synonyms.nearby(" ".join(texts[start:end]).split())
            if parts := [matcher.phrase(other, NEAR_WEIGHT, "of related meaning") for other in others]:
                yield (start, end), any_of(parts, matcher.size)


def weight_of(matcher: Matcher, nodes: Iterable[Node], found: Scored) -> float:
    """Return the weight of some words. Words that belong together count as several."""
    words = [node.text for node in nodes if isinstance(node, Word)] or [""]
    idf = matcher.words.scorer.idf(len(found.ids)) * len(words)
    if any(map(LIKE_A_NAME.search, words)):
        return idf * NAME_WEIGHT
    slight = all(fold(word) in matcher.words.synonyms.slight for word in words)
    return idf * SLIGHT_WEIGHT if slight else idf


def wanted(tree: Node) -> Iterator[Node]:
    """Yield the words, phrases and alternatives of a tree; each token of a word counts separately."""
    for node in conjuncts(tree):
        if isinstance(node, Word) and not node.prefix:
            yield from divided(node)
        elif isinstance(node, Or | Phrase | And | Word):
            yield node


def divided(word: Word) -> Iterator[Word]:
    """Yield the tokens of a word: x86/jit-fix has three, a path in a source tree is one."""
    if word.meant or PATH.match(word.text):
        yield word
        return
    for token in tokens(word.text):
        yield Word(word.text[token[0].start : token[-1].end])
