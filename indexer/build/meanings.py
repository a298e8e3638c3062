"""The archive's words of one meaning, by the stems that a search looks them up by."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from indexer.analysis import forms, stems

Groups = Iterable[Sequence[str]]


def meanings(same: Groups, near: Groups) -> dict[str, Any]:
    """Return the tables of `indexer.search.synonyms`, made once so that opening an index stems nothing.

    `others` holds what means the same as a single word, by each of its forms. `phrasings` holds by their first stem the
    words that together mean the same as others. `near` holds words of related meaning, by stems with spaces between.
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
    """Yield each alternative of some groups with the other ones of its group."""
    return ((each, [other for other in group if other != each]) for group in groups for each in group)
