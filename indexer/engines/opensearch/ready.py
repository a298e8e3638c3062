"""Encode analysed terms and values for the cluster, with their positions and within Lucene's limits."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from indexer.analysis import analysed
from indexer.build.gathering import NAMED

BESIDE = "\u241f"  # separates the terms at one position
GAP = "\u2400"  # a position without a term
FIRST = "\u2404"  # the first term of every field of every entry, so that averages include all entries
ESCAPE = "\u241b"
# Java's tokenizer divides at the characters that are white space in Python.
SPECIAL = re.compile(f"[\\s{BESIDE}{GAP}{FIRST}{ESCAPE}]")
ESCAPED = re.compile(f"{ESCAPE}([0-9a-f]{{6}})")
MOST_BYTES = 8_000  # maximum size of a term or value; Lucene's limit is 32,766
CUT = f"{ESCAPE}…"  # precedes the digest of a cut term


def value(text: str) -> str:
    """Encode a value. One that is too long is cut, and a digest keeps it distinct."""
    raw = text.encode("utf-8", "replace")
    if len(raw) <= MOST_BYTES:
        return raw.decode()
    return raw[: MOST_BYTES // 2].decode("utf-8", "ignore") + CUT + hashlib.sha256(raw).hexdigest()


def is_cut(text: str) -> bool:
    """Return whether an encoded value was cut."""
    return CUT in text


def term(text: str) -> str:
    """Encode a term, without white space and separators."""
    return value(SPECIAL.sub(lambda found: f"{ESCAPE}{ord(found[0]):06x}", text))


def read(text: str) -> str:
    """Decode a term."""
    return ESCAPED.sub(lambda found: chr(int(found[1], 16)), text) if ESCAPE in text else text


def text_of(tokens: Sequence[str]) -> str:
    """Encode the tokens of a text for the cluster's analyser, with their positions."""
    return " ".join((FIRST, *places(_placed(tokens))))


def names_of(field: str, names: Iterable[str]) -> str:
    """Encode names for a field of names, in which positions do not matter."""
    return " ".join((FIRST, *(term(each) for name in names for each in NAMED[field](name))))


def phrase(words: Iterable[tuple[int, Sequence[str]]]) -> str:
    """Encode a phrase, given the forms of the word at each position."""
    return " ".join(places(dict(words)))


def places(forms: Mapping[int, Sequence[str]]) -> Iterator[str]:
    """Yield the terms at each position, from the first to the last."""
    for place in range(min(forms, default=0), max(forms, default=-1) + 1):
        yield BESIDE.join(map(term, forms[place])) if place in forms else GAP


def _placed(tokens: Sequence[str]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {0: []} if tokens else {}
    position = 0
    for token in tokens:
        made = analysed(token)
        for step, form in made.forms:
            found.setdefault(position + step, []).append(form)
        position += made.steps
    return {place: forms for place, forms in found.items() if forms}
