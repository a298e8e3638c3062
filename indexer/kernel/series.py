"""Group patches over issues into series and versions."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from indexer.dividing.locators import UsedIds, slug
from indexer.kernel.subjects import Subject, parse_subject
from indexer.model import Entry

LEADING_RFC = re.compile(r"^rfc:? ")
WORD = re.compile(r"[^\W_]+")
ALIKE = 0.6  # share of common words above which two subjects are reported as similar

Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Posting:
    """The last seen posting of a series: its id, its version, and whether it was an RFC."""

    id: str
    version: int
    rfc: bool


@dataclass(frozen=True, slots=True)
class Near:
    """Two series by one author with similar subjects, for a person to decide on."""

    author: str
    subject: str
    other: str


class Series:
    """The series of a newsletter so far; pass its issues in chronological order.

    A patch continues a series if people and subject are the same, ignoring tags, case and punctuation, and its
    version is higher or the previous one was an RFC. The same subject again at the same version is another series
    ("Misc BPF updates"). `same` maps subjects to the canonical subject of their series, as decided by a person in
    series.tsv.
    """

    def __init__(self, same: Mapping[Key, str]) -> None:
        self.same = same
        self.last: dict[Key, Posting] = {}
        self.taken = UsedIds()
        self.subjects: dict[str, dict[str, str]] = {}

    def take(self, entries: Sequence[Entry]) -> tuple[Entry, ...]:
        """Return an issue's entries, each patch with the id and version of its series.

        Issues list the newest version of a series first; versions are processed from the oldest on.
        """
        return tuple(joined(entries, self.note(entries)))

    def note(self, entries: Iterable[Entry]) -> dict[str, Posting]:
        """Record an issue's patches; return the series that each begins or continues, by entry id."""
        heads = [(entry, parse_subject(entry.title)) for entry in heads_of(entries)]
        return {entry.id: self.posting(entry, subject) for entry, subject in reversed(heads)}

    def posting(self, entry: Entry, subject: Subject) -> Posting:
        """Return the series of a patch or cover letter: a continued one or a new one."""
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

    def to_state(self) -> dict[str, Any]:
        """Return what `from_state` needs to continue the series with a later issue, as JSON values."""
        last = [[*key, each.id, each.version, each.rfc] for key, each in self.last.items()]
        return {"last": last, "repeats": self.taken.repeats}

    @classmethod
    def from_state(cls, state: Mapping[str, Any], same: Mapping[Key, str]) -> Series:
        """Return the series as they were when `to_state` was called, without the subjects that `near` compares."""
        made = cls(same)
        made.last = {(author, words): Posting(*posting) for author, words, *posting in state["last"]}
        made.taken.repeats = dict(state["repeats"])
        return made

    def near(self) -> list[Near]:
        """Return the undecided pairs of similar subjects by one author. Patches without an author are left out."""
        pairs = []
        for author, subjects in self.subjects.items():
            words = sorted(subjects) if author else ()
            for i, one in enumerate(words):
                pairs += [
                    Near(subjects[one], one, other)
                    for other in words[i + 1 :]
                    if alike(one, other) and (author, one) not in self.same and (author, other) not in self.same
                ]
        return pairs


def heads_of(entries: Iterable[Entry]) -> Iterator[Entry]:
    """Yield the first patch of each series: cover letters, single patches, or the first of a series without cover."""
    above: tuple[Entry, Subject] | None = None
    for entry in entries:
        if entry.kind != "patch" or entry.parent is not None:
            continue
        subject = parse_subject(entry.title)
        if above is None or not goes_on(entry, subject, *above):
            yield entry
        above = entry, subject


def goes_on(entry: Entry, subject: Subject, above: Entry, before: Subject) -> bool:
    """Return whether a patch follows the one above it in a series without a cover letter."""
    return (
        entry.people == above.people
        and before.number is not None
        and subject.number == before.number + 1
        and (subject.total, subject.version) == (before.total, before.version)
    )


def joined(entries: Iterable[Entry], found: Mapping[str, Posting]) -> Iterator[Entry]:
    """Yield the entries, each patch with the series of its cover letter, its own, or that of the previous patch."""
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
    """Normalize a subject, removing case, punctuation and a leading "RFC:"."""
    return " ".join(WORD.findall(LEADING_RFC.sub("", words.casefold())))


def alike(one: str, other: str) -> bool:
    first, second = set(one.split()), set(other.split())
    return len(first & second) >= ALIKE * len(first | second) and len(first & second) > 2
