"""Choose the correction of a misspelt word by the other words of a query."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import product

from indexer.analysis import fold, stems, tokens
from indexer.query.tree import Node, Word, both, conjuncts
from indexer.search.matching import Matcher
from indexer.search.scoring import Scored, all_of
from indexer.search.spelling import costs_of

MOST_CHOICES = 4  # corrections of a word to compare
MOST_BESIDE = 6  # other words of the query to compare them with


def in_context(matcher: Matcher, tree: Node) -> Node:
    """Return a tree in which each misspelt word has the correction that shares entries with most other words.

    Rare words count more. Where no other correction fits better, the nearest one stays.
    """
    nodes = conjuncts(tree)
    words = [node for node in nodes if isinstance(node, Word) and not node.prefix]
    wrong = [word for word in words if is_misspelt(matcher, word)] if len(words) > 1 else []
    if not wrong:
        return tree
    chosen = {word: meant for word in wrong for meant in meant_beside(matcher, word, words)}
    chosen |= dict(meant_in_phrases(matcher, words, wrong))
    return both(replace(node, meant=chosen[node]) if node in chosen else node for node in nodes) if chosen else tree


def is_misspelt(matcher: Matcher, word: Word) -> bool:
    """Return whether a plain word is neither correct nor in any entry."""
    folded = fold(word.text)
    return folded.isalpha() and not matcher.words.speller.is_correct(folded) and len(list(tokens(word.text))) == 1


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


def meant_in_phrases(matcher: Matcher, words: Sequence[Word], wrong: Sequence[Word]) -> Iterator[tuple[Word, str]]:
    """Yield the misspelt words without a correction that are a part of a phrase with synonyms, with that part.

    No entry needs to have it: "flaem graph" is "flame graph", which is written flamegraph.
    """
    unknown = [word for word in wrong if matcher.words.resolve(word, literal=False).corrected is None]
    if not unknown:
        return
    typed = stems([word.text for word in words])
    for word in unknown:
        at = words.index(word)
        beside = {*typed[max(at - 1, 0) : at], *typed[at + 1 : at + 2]}
        phrases = [phrase for stem in beside for phrase in matcher.words.synonyms.phrases.get(stem, ())]
        parts = {part for phrase in phrases for part in parts_beside(phrase, typed, at)}
        yield from ((word, part) for _, part in sorted(costs_of(fold(word.text), parts))[:1])


def parts_beside(phrase: Sequence[tuple[str, str]], typed: Sequence[str], at: int) -> Iterator[str]:
    """Yield the parts of a phrase that a typed word can be, since the words beside it are the rest of the phrase."""
    for i, (part, _) in enumerate(phrase):
        start = at - i
        beside = typed[max(start, 0) : start + len(phrase)]
        if len(beside) == len(phrase) and all(
            stem == held or n == i for n, (stem, (_, held)) in enumerate(zip(beside, phrase, strict=True))
        ):
            yield part


def corrections(matcher: Matcher, word: Word) -> list[str]:
    """Return the corrections of a misspelt word, the nearest first; none if it is a name, or divided."""
    nearest = matcher.words.resolve(word, literal=False).corrected
    found = matcher.words.speller.alike(fold(word.text))[:MOST_CHOICES]
    return found if found[:1] == [nearest] else []


def matched(matcher: Matcher, word: Word) -> Scored:
    """Return the entries that have a word."""
    return matcher.words.resolve(word, literal=False).scored
