"""Convert occurrences of terms to the arrays of a segment's field, and back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from indexer.storage.arrays import Array, Arrays, ArrayWriter, smallest
from indexer.storage.names import Names, packed

Numbers = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Occurrences:
    """The content of a field: sorted terms, and the term number, document and position of each occurrence.

    `positions` is None for a field without positions. `lengths` has one byte for each document, rounded as in
    Whoosh; it is empty for a field whose length is not used.
    """

    terms: Sequence[bytes]
    numbers: Numbers
    docs: Numbers
    positions: Numbers | None
    lengths: npt.NDArray[np.uint8]


def write_field(file: ArrayWriter, field: str, found: Occurrences, *, size: int, sets: bool) -> list[bytes]:
    """Write a field's terms and postings; return the terms.

    `sets` also writes the set of terms of each document. `starts` and `places` are the offsets of each term's
    postings and positions. A posting is a document and a frequency; frequencies are omitted if all are 1.
    """
    bits = size.bit_length() if size else 1
    place_bits = 0 if found.positions is None or not len(found.positions) else int(found.positions.max()).bit_length()
    assert len(found.terms).bit_length() + bits + place_bits < 64, field
    keys = (found.numbers << bits | found.docs) << place_bits
    if found.positions is not None:
        keys |= found.positions
    keys.sort()
    pairs = keys >> place_bits
    first = np.flatnonzero(changes(pairs))
    numbers, docs = pairs[first] >> bits, pairs[first] & ((1 << bits) - 1)
    each = np.flatnonzero(changes(numbers))
    terms = [found.terms[number] for number in numbers[each].tolist()]
    names, ends = packed(terms)
    file.add_bytes(f"{field}.names", names)
    file.add(f"{field}.ends", smallest(ends))
    file.add(f"{field}.starts", smallest(np.append(each, len(docs))))
    file.add(f"{field}.docs", smallest(docs))
    frequencies = np.diff(first, append=len(keys))
    if len(frequencies) and frequencies.max() > 1:
        file.add(f"{field}.frequencies", smallest(frequencies))
    if found.positions is not None:
        file.add(f"{field}.positions", smallest(keys & ((1 << place_bits) - 1)))
        file.add(f"{field}.places", smallest(np.append(first[each], len(keys))))
    if len(found.lengths):
        file.add(f"{field}.lengths", found.lengths)
    if sets:
        write_sets(file, field, docs, np.repeat(np.arange(len(each)), np.diff(each, append=len(docs))), size)
    return terms


def write_sets(file: ArrayWriter, field: str, docs: Numbers, values: Numbers, size: int) -> None:
    """Write the distinct sets of values, concatenated in `sets`, and the number of each document's set."""
    order = np.argsort(docs, kind="stable")
    values = values[order]
    starts = np.searchsorted(docs[order], np.arange(size + 1))
    mixed = np.random.default_rng(0).integers(0, 2**63, size=int(values.max()) + 1 if len(values) else 1)
    sums = np.append(0, np.cumsum(mixed[values]))
    _, first, of = np.unique(sums[starts[1:]] - sums[starts[:-1]], return_index=True, return_inverse=True)
    lengths = np.diff(starts)
    same = first[of]
    if not (lengths[same] == lengths).all() or not (values[rows(starts[same], lengths)] == values).all():
        first = of = np.arange(size)  # hash collision: give every document a set of its own
    file.add(f"{field}.set_of", smallest(of))
    file.add(f"{field}.set_starts", smallest(np.append(0, np.cumsum(lengths[first]))))
    file.add(f"{field}.sets", smallest(values[rows(starts[first], lengths[first])]))


def read_field(arrays: Arrays, field: str) -> Occurrences:
    """Read a field that `write_field` wrote."""
    names = Names(arrays, field)
    starts, docs = arrays[f"{field}.starts"].astype(np.int64), arrays[f"{field}.docs"].astype(np.int64)
    numbers = np.repeat(np.arange(len(names)), np.diff(starts))
    if f"{field}.frequencies" in arrays:
        frequencies = arrays[f"{field}.frequencies"]
        numbers, docs = np.repeat(numbers, frequencies), np.repeat(docs, frequencies)
    positions = arrays[f"{field}.positions"].astype(np.int64) if f"{field}.positions" in arrays else None
    lengths = arrays[f"{field}.lengths"] if f"{field}.lengths" in arrays else np.empty(0, np.uint8)
    return Occurrences([names.bytes_at(i) for i in range(len(names))], numbers, docs, positions, lengths)


def left(found: Occurrences, places: Numbers) -> Occurrences:
    """Renumber the documents of occurrences, dropping documents with the new number -1."""
    docs = places[found.docs]
    keep = docs >= 0
    positions = None if found.positions is None else found.positions[keep]
    lengths = found.lengths[places >= 0] if len(found.lengths) else found.lengths
    return Occurrences(found.terms, found.numbers[keep], docs[keep], positions, lengths)


def together(parts: Sequence[Occurrences]) -> Occurrences:
    """Merge occurrences whose documents are numbered consecutively."""
    if len(parts) == 1:
        return parts[0]
    terms = sorted(set().union(*(part.terms for part in parts)))
    places = {term: place for place, term in enumerate(terms)}
    numbers = [np.array([places[term] for term in part.terms], dtype=np.int64)[part.numbers] for part in parts]
    positions = [part.positions for part in parts if part.positions is not None]
    return Occurrences(
        terms,
        np.concatenate(numbers),
        np.concatenate([part.docs for part in parts]),
        np.concatenate(positions) if positions else None,
        np.concatenate([part.lengths for part in parts]),
    )


def changes(ascending: Numbers) -> npt.NDArray[np.bool_]:
    """Return the mask of numbers in an ascending array that differ from the previous one."""
    found = np.ones(len(ascending), dtype=bool)
    np.not_equal(ascending[1:], ascending[:-1], out=found[1:])
    return found


def rows(starts: Array, lengths: Array) -> Numbers:
    """Return the concatenated index ranges given by starts and lengths."""
    ends = np.cumsum(lengths)
    total = int(ends[-1]) if len(ends) else 0
    found: Numbers = np.arange(total) + np.repeat(starts - (ends - lengths), lengths)
    return found
