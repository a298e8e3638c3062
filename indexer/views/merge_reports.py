"""Entries that report the merge of a series, recognised by its subject if only one series has it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from indexer.analysis import terms
from indexer.catalog.memo import once
from indexer.catalog.protocol import Catalog
from indexer.kernel.series import normalised
from indexer.kernel.subjects import parse_subject
from indexer.model import Entry
from indexer.query.tree import And, Match, Node, Or
from indexer.views.briefs import any_of, issue_about

# "ARM eBPF JIT got finally merged", "The XDP redirect series has been merged"; but no title with "not" or "not yet".
MERGED = re.compile(
    r"^(?:the )?(?:new )?(?P<what>.+?)(?: series)?"
    r"(?: (?:has|have|got|was|were|is|are|did|been|get|finally|now|its|patches))+ (?:merged|applied)\b",
    re.I,
)
REPORTING = "merged applied"  # a report contains one of these words
# The kinds of entries that report the outcome of a series.
REPORTING_KINDS = ("helper", "feature", "note", "commentary")
LONGEST = 300  # characters of a title that are searched for what was merged
FEWEST = 3  # words of a series' subject that a report must contain; two words are too common


class MergeReport(NamedTuple):
    """An entry that reports that something was merged, and the words that name what."""

    entry: Entry
    words: set[str]


def merge_reports_on(catalog: Catalog, patches: Sequence[Entry]) -> Iterator[Entry]:
    """Yield the entries that report a series as merged, in reading order; `patches` are those of the series."""
    subjects = [words_of(parse_subject(patch.title).words) for patch in patches]
    for report, words in once(catalog, all_merge_reports):
        if any(words <= subject for subject in subjects) and series_meant(catalog, report) == patches[0].series:
            yield report


def all_merge_reports(catalog: Catalog) -> Sequence[MergeReport]:
    """Find the reports of merges, from the titles that contain a reporting word."""
    titled = Or(tuple(Match("title", term.text) for term in terms(REPORTING)))
    found = catalog.find(And((any_of("kind", REPORTING_KINDS), titled)))
    reports = (MergeReport(entry, merged_in(entry.title)) for entry in found)
    return [report for report in reports if len(report.words) >= FEWEST]


def series_meant(catalog: Catalog, report: Entry) -> str | None:
    """Return the only series whose subjects contain all words that a report uses for what was merged."""
    words = merged_in(report.title)
    if len(words) < FEWEST:
        return None
    day = issue_about(catalog, report).date[:10]
    held = {
        patch.series
        for patch in catalog.find(titled_patches(report.newsletter, words))
        if words <= words_of(parse_subject(patch.title).words) and issue_about(catalog, patch).date[:10] <= day
    }
    return held.pop() if len(held) == 1 else None


def titled_patches(newsletter: str, words: Iterable[str]) -> Node:
    """Return the condition for top-level patches of a newsletter with all of the words in their title."""
    titled = (Or(tuple(Match("title", term.text) for term in terms(word))) for word in words)
    lead = (Match("kind", "patch"), Match("lead", "yes"), Match("newsletter", newsletter))
    return And((*lead, *titled))


def merged_in(title: str) -> set[str]:
    """Return the words of a title that name what was merged; empty if it reports no merge."""
    match = MERGED.match(title[:LONGEST])
    return words_of(match["what"]) if match else set()


def words_of(text: str) -> set[str]:
    return set(normalised(text).split())
