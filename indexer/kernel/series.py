"""Patches that belong together over the issues: the versions of a series, its patches under their cover."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from indexer.dividing.locators import Taken, slug
from indexer.kernel.subjects import Subject, parse_subject
from indexer.model import Entry

LEADING_RFC = re.compile(r"^rfc:? ")
WORD = re.compile(r"[^\W_]+")
ALIKE = 0.6  # share of common words from which two subjects are alike enough to ask a person

Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Posting:
    """One version of a series as it was last seen: its id, its version, whether it asked for comments."""

    id: str
    version: int
    rfc: bool


@dataclass(frozen=True, slots=True)
class Near:
    """Two series by one author whose subjects are alike, for a person to decide on."""

    author: str
    subject: str
    other: str


class Series:
    """The series of a newsletter so far; give it the issues in the order in which they appeared.

    A patch goes on with a series where people and subject are the same but for tags, case and signs, and its
    version is higher, or the one before only asked for comments. The same subject once more at the same version is
    another series ("Misc BPF updates"). `same` says of a subject by which other one its series is known: decided
    by a person, in archive/facts/series.tsv.
    """

    def __init__(self, same: Mapping[Key, str]) -> None:
        self.same = same
        self.last: dict[Key, Posting] = {}
        self.taken = Taken()
        self.subjects: dict[str, dict[str, str]] = {}

    def take(self, entries: Sequence[Entry]) -> tuple[Entry, ...]:
        """Return an issue's entries, each patch with the id and the version of its series.

        An issue lists the newest version of a series first; its versions are taken from the oldest on.
        """
        return tuple(joined(entries, self.note(entries)))

    def note(self, entries: Iterable[Entry]) -> dict[str, Posting]:
        """Take note of an issue's patches; return by its id which series each begins or goes on with."""
        heads = [(entry, parse_subject(entry.title)) for entry in heads_of(entries)]
        return {entry.id: self.posting(entry, subject) for entry, subject in reversed(heads)}

    def posting(self, entry: Entry, subject: Subject) -> Posting:
        """Return which series a patch or a cover is of: one that goes on, or a new one."""
        named = ", ".join(entry.people)
        author = named.casefold()
        words = normalised(subject.words)
        known_as = self.same.get((author, words), words)
        key = (author, known_as)
        self.subjects.setdefault(author, {}).setdefault(words, named)
        last = self.last.get(key)
        if last and (known_as != words or subject.version > last.version or (last.rfc and not subject.rfc)):
            made = Posting(last.id, subject.version, subject.rfc)
        else:
            made = Posting(self.taken.fresh(f"{slug(known_as)}-{slug(author)}"), subject.version, subject.rfc)
        self.last[key] = made
        return made

    def near(self) -> list[Near]:
        """Return the pairs of subjects by one author that are alike but not the same, and that no one decided on."""
        pairs = []
        for author, subjects in self.subjects.items():
            words = sorted(subjects)
            for i, one in enumerate(words):
                pairs += [
                    Near(subjects[one], one, other)
                    for other in words[i + 1 :]
                    if alike(one, other) and (author, one) not in self.same and (author, other) not in self.same
                ]
        return pairs


def heads_of(entries: Iterable[Entry]) -> Iterator[Entry]:
    """Yield the patches with which a series begins: covers and single ones, and of a series without cover the first."""
    above: tuple[Entry, Subject] | None = None
    for entry in entries:
        if entry.kind != "patch" or entry.parent is not None:
            continue
        subject = parse_subject(entry.title)
        if above is None or not goes_on(entry, subject, *above):
            yield entry
        above = entry, subject


def goes_on(entry: Entry, subject: Subject, above: Entry, before: Subject) -> bool:
    """Return whether a patch is the next after the one above it, in a series without a cover."""
    return (
        entry.people == above.people
        and before.number is not None
        and subject.number == before.number + 1
        and (subject.total, subject.version) == (before.total, before.version)
    )


def joined(entries: Iterable[Entry], found: Mapping[str, Posting]) -> Iterator[Entry]:
    """Yield the entries, each patch with the series of its cover, its own, or that of the patch before it."""
    of: dict[str, Posting] = dict(found)
    before: Posting | None = None
    for entry in entries:
        posting = (of.get(entry.parent or "") or of.get(entry.id) or before) if entry.kind == "patch" else None
        if posting is None:
            yield entry
            continue
        of[entry.id] = before = posting
        yield replace(entry, series=posting.id, version=posting.version)


def normalised(words: str) -> str:
    """Return a subject by its words alone, so that case, signs and a leading "RFC:" make no difference."""
    return " ".join(WORD.findall(LEADING_RFC.sub("", words.casefold())))


def alike(one: str, other: str) -> bool:
    first, second = set(one.split()), set(other.split())
    return len(first & second) >= ALIKE * len(first | second) and len(first & second) > 2
