"""Recognise subjects that differ only in the spelling of one or two words."""

from __future__ import annotations

import re

WORD = re.compile(r"\w+")
MOST = 2  # words that may be misspelt
SHORTEST = 5  # minimum letters of a word with a wrong letter; "read" and "head" are different words
# Characters at the beginning and end of a subject that are used to look up candidates, and the lengths of subjects
# that they apply to. The lengths overlap because a misspelling can change the length.
ENDS = {8: range(16, 28), 12: range(24, 1_000)}


def ends(key: str) -> list[str]:
    """Return the beginning and end of a subject's key. One misspelling changes only one of them."""
    lengths = [length for length, subjects in ENDS.items() if len(key) in subjects]
    return [end for length in lengths for end in (f"{key[:length]}*", f"*{key[-length:]}")]


def misspelt(one: str, other: str) -> bool:
    """Return whether two subjects, in lower case, differ only in the spelling of one or two words."""
    first, second = WORD.findall(one), WORD.findall(other)
    if len(first) != len(second):
        return False
    pairs = [pair for pair in zip(first, second, strict=True) if pair[0] != pair[1]]
    return 0 < len(pairs) <= MOST and all(is_slip(*pair) for pair in pairs)


def is_slip(one: str, other: str) -> bool:
    """Return whether words differ by a missing, doubled, wrong or transposed letter; digits must be equal."""
    start = shared(one, other)
    rest, other_rest = one[start:], other[start:]
    end = shared(rest[::-1], other_rest[::-1])
    changed, other_changed = rest[: len(rest) - end], other_rest[: len(other_rest) - end]
    if not (changed + other_changed).isalpha():
        return False
    if len(changed) == len(other_changed) > 1:
        return len(changed) == len("xy") and changed == other_changed[::-1]
    if max(len(changed), len(other_changed)) > 1 or max(len(one), len(other)) < SHORTEST:
        return False
    # With another first letter, or another letter in an identifier, it is usually a different word.
    return len(changed) != len(other_changed) or (start > 0 and one.isalpha())


def shared(one: str, other: str) -> int:
    """Return the length of the common prefix of two words."""
    differing = (at for at, (first, second) in enumerate(zip(one, other, strict=False)) if first != second)
    return next(differing, min(len(one), len(other)))
