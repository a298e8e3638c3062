"""Terms and values as the cluster is sent them: analysed here, each at its place, within Lucene's limits."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from indexer.analysis import analysed
from indexer.build.gathering import NAMED

BESIDE = "\u241f"  # between the terms of one place
GAP = "\u2400"  # a place without a term
FIRST = "\u2404"  # what each field of each entry begins with, so that means are over all entries
ESCAPE = "\u241b"
# Java's tokenizer divides at characters that are white space to Python, too.
SPECIAL = re.compile(f"[\\s{BESIDE}{GAP}{FIRST}{ESCAPE}]")
ESCAPED = re.compile(f"{ESCAPE}([0-9a-f]{{6}})")
MOST_BYTES = 8_000  # of a term or value; Lucene refuses one of more than 32,766
CUT = f"{ESCAPE}…"  # followed by a digest: the term is cut


def value(text: str) -> str:
    """Return a value as the cluster holds it: one that is too long is cut, and a digest makes it distinct."""
    raw = text.encode("utf-8", "replace")
    if len(raw) <= MOST_BYTES:
        return raw.decode()
    return raw[: MOST_BYTES // 2].decode("utf-8", "ignore") + CUT + hashlib.sha256(raw).hexdigest()


def is_cut(text: str) -> bool:
    """Return whether a value of the cluster is a longer one, cut."""
    return CUT in text


def term(text: str) -> str:
    """Return a term of a text as the cluster holds it: without white space and separators."""
    return value(SPECIAL.sub(lambda found: f"{ESCAPE}{ord(found[0]):06x}", text))


def read(text: str) -> str:
    """Return the term that the cluster holds in this form."""
    return ESCAPED.sub(lambda found: chr(int(found[1], 16)), text) if ESCAPE in text else text


def text_of(tokens: Sequence[str]) -> str:
    """Return some tokens of a text as the cluster's analyser divides them: their terms, each at its place."""
    return " ".join((FIRST, *places(_placed(tokens))))


def names_of(field: str, names: Iterable[str]) -> str:
    """Return the terms of some names in a field of names; their places do not matter."""
    return " ".join((FIRST, *(term(each) for name in names for each in NAMED[field](name))))


def phrase(words: Iterable[tuple[int, Sequence[str]]]) -> str:
    """Return a phrase, given the forms of the word at each place."""
    return " ".join(places(dict(words)))


def places(held: Mapping[int, Sequence[str]]) -> Iterator[str]:
    """Yield what stands at each place from the first to the last."""
    for place in range(min(held, default=0), max(held, default=-1) + 1):
        yield BESIDE.join(map(term, held[place])) if place in held else GAP


def _placed(tokens: Sequence[str]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {0: []} if tokens else {}
    position = 0
    for token in tokens:
        made = analysed(token)
        for step, form in made.forms:
            found.setdefault(position + step, []).append(form)
        position += made.steps
    return {place: forms for place, forms in found.items() if forms}
