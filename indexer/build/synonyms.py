"""Synonym tables of an archive, keyed by stems."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from indexer.analysis import forms, stems

Groups = Iterable[Sequence[str]]


def synonym_tables(same: Groups, near: Groups) -> dict[str, Any]:
    """Return the tables of `indexer.search.synonyms`, so that opening an index does not stem anything.

    `others` maps each form of a word to its synonyms. `phrasings` maps the first stem of multi-word synonyms to them.
    `near` maps stems, joined by spaces, to words of related meaning.
    """
    others: dict[str, dict[str, None]] = {}
    phrasings: dict[str, list[tuple[tuple[str, ...], list[str]]]] = {}
    for alternative, rest in each_with_rest(same):
        words = stems(alternative.split())
        if len(words) > 1:
            phrasings.setdefault(words[0], []).append((words, rest))
        else:
            for form in forms(alternative):
                others.setdefault(form, {}).update(dict.fromkeys(rest))
    related: dict[str, list[str]] = {}
    for alternative, rest in each_with_rest(near):
        related.setdefault(" ".join(stems(alternative.split())), []).extend(rest)
    return {"others": {form: list(held) for form, held in others.items()}, "phrasings": phrasings, "near": related}


def each_with_rest(groups: Groups) -> Iterable[tuple[str, list[str]]]:
    """Yield each alternative with the others of its group."""
    return ((each, [other for other in group if other != each]) for group in groups for each in group)
