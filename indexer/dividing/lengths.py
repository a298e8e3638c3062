"""Measure text in words, in scripts without spaces too."""

from __future__ import annotations

import re

UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")  # kana and Han characters
PER_WORD = 2  # characters of a word in these scripts, on average


def length(text: str) -> int:
    """Return the number of words, where two characters of Chinese or Japanese count as one word."""
    unspaced = len(UNSPACED.findall(text))
    return len(UNSPACED.sub(" ", text).split()) + -(-unspaced // PER_WORD) if unspaced else len(text.split())
