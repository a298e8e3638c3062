"""Collect documents in memory for a segment; each distinct token is analysed once."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence, Set

import numpy as np
import numpy.typing as npt

from indexer.analysis import analysed, joined_terms, name_terms, part_terms
from indexer.storage.codec import LENGTHS
from indexer.storage.inverted import Numbers, Occurrences, left, read_field, rows, together
from indexer.storage.names import in_bytes
from indexer.storage.schema import ANALYSED, SEARCHED, Document
from indexer.storage.segment import Segment

Forms = tuple[Iterable[tuple[int, str]], int]
NUMBER = "I"  # of 32 bits
NAMED: dict[str, Callable[[str], Iterable[str]]] = {
    "names": name_terms,
    "parts": part_terms,
    "joined": joined_terms,
}


class Interned(dict[str, int]):
    """Strings numbered in order of first use."""

    def __missing__(self, key: str) -> int:
        number = self[key] = len(self)
        return number


class Tokens(dict[str, int]):
    """Tokens numbered in order of first use, each with its terms and their position offsets."""

    def __init__(self, terms: Interned, analyse: Callable[[str], Forms]) -> None:
        super().__init__()
        self._terms = terms
        self._analyse = analyse
        self._forms, self._form_steps = array(NUMBER), array(NUMBER)
        self._starts, self._steps = array(NUMBER, [0]), array(NUMBER)

    def __missing__(self, token: str) -> int:
        number = self[token] = len(self)
        forms, steps = self._analyse(token)
        for step, form in forms:
            self._forms.append(self._terms[form])
            self._form_steps.append(step)
        self._starts.append(len(self._forms))
        self._steps.append(steps)
        return number

    def occurrences(self, tokens: Numbers, counts: Numbers) -> tuple[Numbers, Numbers, Numbers]:
        """Return the term, document and position of each form of `tokens`. `counts` has the tokens of each document."""
        if not len(tokens):
            return tokens, tokens, tokens
        starts, steps = numbers(self._starts), numbers(self._steps)
        docs = np.repeat(np.arange(len(counts)), counts)
        before = np.append(0, np.cumsum(steps[tokens]))
        positions = before[:-1] - before[np.append(0, np.cumsum(counts))[docs]]
        forms = np.diff(starts)[tokens]
        at = rows(starts[tokens], forms)
        return (
            numbers(self._forms)[at],
            np.repeat(docs, forms),
            np.repeat(positions, forms) + numbers(self._form_steps)[at],
        )


class Gathered:
    """The content of the next segment: the tokens of each field by document, and segments to merge."""

    def __init__(self, fields: Sequence[str]) -> None:
        self._terms = Interned()
        texts = Tokens(self._terms, lambda token: (analysed(token).forms, analysed(token).steps))
        named = {field: Tokens(self._terms, at_once(terms_of)) for field, terms_of in NAMED.items()}
        values = Tokens(self._terms, at_once(lambda value: (value,)))
        self._tokens = dict.fromkeys(fields, values) | dict.fromkeys(ANALYSED, texts) | named
        self._held = {field: array(NUMBER) for field in fields}
        self._counts = {field: array(NUMBER) for field in fields}
        self._segments: list[tuple[Segment, Numbers]] = []
        self.documents = 0

    @property
    def size(self) -> int:
        """The number of tokens in memory."""
        return sum(map(len, self._held.values()))

    def add(self, document: Document) -> None:
        """Add a document."""
        for field, counts in self._counts.items():
            tokens = document.get(field, ())
            if tokens:
                self._held[field].extend(map(self._tokens[field].__getitem__, tokens))
            counts.append(len(tokens))
        self.documents += 1

    def add_segment(self, segment: Segment, gone: Set[int]) -> None:
        """Add the documents of a segment except those in `gone`."""
        keep = np.ones(segment.size, dtype=bool)
        keep[list(gone)] = False
        self._segments.append((segment, np.where(keep, self.documents + np.cumsum(keep) - 1, -1)))
        self.documents += int(np.count_nonzero(keep))

    def fields(self) -> Iterator[tuple[str, Occurrences]]:
        """Yield each field with its occurrences."""
        order = sorted(self._terms, key=in_bytes)
        ranks = np.empty(len(order), dtype=np.int64)
        ranks[[self._terms[term] for term in order]] = np.arange(len(order))
        terms = [in_bytes(term) for term in order]
        for field in self._counts:
            merged = [left(read_field(segment.arrays, field), places) for segment, places in self._segments]
            yield field, together([self._own(field, terms, ranks), *merged])

    def _own(self, field: str, terms: Sequence[bytes], ranks: Numbers) -> Occurrences:
        """Return the occurrences in a field of the documents that were added one by one."""
        counts = numbers(self._counts[field])
        found, docs, positions = self._tokens[field].occurrences(numbers(self._held[field]), counts)
        lengths = np.bincount(docs, minlength=len(counts)) if field in SEARCHED else np.empty(0, np.int64)
        return Occurrences(
            terms, ranks[found], docs, positions if field in ANALYSED else None, in_a_byte(lengths)
        )  # fmt: skip

    def cleanup(self) -> None:
        """Do nothing; Whoosh calls this last, and nothing is on disk."""


def at_once(terms_of: Callable[[str], Iterable[str]]) -> Callable[[str], Forms]:
    """Return an analyser whose terms all have the position of the token."""
    return lambda token: ([(0, term) for term in terms_of(token)], 1)


def numbers(held: array[int]) -> Numbers:
    return np.frombuffer(held, dtype=np.uint32).astype(np.int64)


def in_a_byte(lengths: Numbers) -> npt.NDArray[np.uint8]:
    """Return lengths encoded in a byte as in Whoosh."""
    return np.minimum(np.searchsorted(LENGTHS, lengths), len(LENGTHS) - 1).astype(np.uint8)
