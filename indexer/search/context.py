"""Choose between the corrections of a misspelt word by the other words of a query."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import product

from indexer.analysis import fold, tokens
from indexer.query.tree import Node, Word, both, conjuncts
from indexer.search.matching import Matcher
from indexer.search.scoring import Scored, all_of

MOST_CHOICES = 4  # corrections of a word to compare
MOST_BESIDE = 6  # other words of the query to compare them with


def in_context(matcher: Matcher, tree: Node) -> Node:
    """Return a tree in which each misspelt word has the correction that shares entries with most other words.

    Rare words count more. Where no other correction fits better, the nearest one stays.
    """
    nodes = conjuncts(tree)
    words = [node for node in nodes if isinstance(node, Word) and not node.prefix]
    chosen = {word: meant for word in words for meant in meant_beside(matcher, word, words)} if len(words) > 1 else {}
    return both(replace(node, meant=chosen[node]) if node in chosen else node for node in nodes) if chosen else tree


def meant_beside(matcher: Matcher, word: Word, words: Sequence[Word]) -> Iterator[str]:
    """Yield the correction of a word that fits the other words better than the nearest one, if there is one."""
    choices = corrections(matcher, word)
    if len(choices) < 2:
        return
    beside = [matched(matcher, other) for other in words if other != word][:MOST_BESIDE]
    held = [matched(matcher, Word(choice)) for choice in choices]
    shared = [all_of(pair, matcher.size) for pair in product(held, beside)]
    matcher.prefetch([*beside, *shared])
    worth = [matcher.words.scorer.idf(len(each.ids)) for each in beside]
    fits = [
        sum(weight for weight, each in zip(worth, shared[at : at + len(beside)], strict=True) if len(each.ids))
        for at in range(0, len(shared), len(beside))
    ]
    if max(fits) > fits[0]:
        yield choices[fits.index(max(fits))]


def corrections(matcher: Matcher, word: Word) -> list[str]:
    """Return the corrections of a word, the nearest first; none if it is right, a name, or divided."""
    folded, speller = fold(word.text), matcher.words.speller
    if not folded.isalpha() or speller.is_correct(folded) or len(list(tokens(word.text))) != 1:
        return []
    nearest = matcher.words.resolve(word, literal=False).corrected
    found = speller.alike(folded)[:MOST_CHOICES]
    return found if found[:1] == [nearest] else []


def matched(matcher: Matcher, word: Word) -> Scored:
    """Return the entries that have a word."""
    return matcher.words.resolve(word, literal=False).scored
