"""Entries that report that a series was merged, by its subject: only where one series alone can be meant."""

from __future__ import annotations

import re

import numpy as np

from indexer.kernel.series import normalised
from indexer.kernel.subjects import parse_subject
from indexer.storage.index import Index
from indexer.views.briefs import brief

# "ARM eBPF JIT got finally merged", "The XDP redirect series has been merged"; nothing that says not, or not yet.
MERGED = re.compile(
    r"^(?:the )?(?:new )?(?P<what>.+?)(?: series)?"
    r"(?: (?:has|have|got|was|were|is|are|did|been|get|finally|now|its|patches))+ (?:merged|applied)\b",
    re.I,
)
LONGEST = 300  # characters of a title that say what was merged
FEWEST = 3  # words that a report names a series by; two may be those of any


class Reports:
    """By the id of a series the entries that report that it was merged, by their numbers in the index."""

    def __init__(self, index: Index, kinds: tuple[str, ...]) -> None:
        self.index = index
        self.known = list(subjects(index))
        self.of: dict[str, list[int]] = {}
        for doc in np.flatnonzero(index.marked("kind", kinds)).tolist():
            if meant := self.meant(doc):
                self.of.setdefault(meant, []).append(doc)

    def meant(self, doc: int) -> str | None:
        """Return the one series whose subjects hold all words by which an entry names what was merged."""
        report = brief(self.index, doc)
        words = merged_in(report.title)
        if len(words) < FEWEST:
            return None
        held = {
            series
            for series, newsletter, date, subject in self.known
            if words <= subject and newsletter == newsletter_of(report.issue) and date <= report.date
        }
        return held.pop() if len(held) == 1 else None


def merged_in(title: str) -> set[str]:
    """Return the words by which a title names what was merged; none where it reports no such thing."""
    match = MERGED.match(title[:LONGEST])
    return words_of(match["what"]) if match else set()


def subjects(index: Index) -> list[tuple[str, str, str, set[str]]]:
    """Return series, newsletter, day and the words of the subject of each patch that is below no cover."""
    leads = index.marked("kind", ["patch"]) & index.marked("lead", ["yes"])
    patches = (brief(index, doc) for doc in np.flatnonzero(leads).tolist())
    return [
        (each.series, newsletter_of(each.issue), each.date, words_of(parse_subject(each.title).words))
        for each in patches
        if each.series
    ]


def words_of(text: str) -> set[str]:
    return set(normalised(text).split())


def newsletter_of(issue: str) -> str:
    return issue.rpartition("/")[0]
