"""The versions suggested by an issue's date contain the release in which a patch was merged."""

from __future__ import annotations

from indexer.kernel.subjects import parse_subject
from indexer.model import Entry
from tests.issues import ARCHIVE, NUMBERS, retold


def known() -> list[tuple[Entry, str]]:
    """Return the patches merged in this form with their releases, without requests for comments."""
    outcomes = ARCHIVE.facts.outcomes
    patches = [entry for number in NUMBERS for entry in retold(number).entries if entry.id in outcomes]
    return [
        (entry, outcome.release)
        for entry in patches
        if (outcome := outcomes[entry.id]).outcome == "merged"
        and outcome.repository == "linux"
        and outcome.release
        and not parse_subject(entry.title).rfc
    ]


def possible(entry: Entry) -> list[str]:
    return [each.version for each in entry.versions if each.how == "issue"]


def test_nearly_every_known_patch_has_its_release_among_the_candidates_of_its_date() -> None:
    patches = [(entry, release) for entry, release in known() if possible(entry)]
    missed = [(entry.id, possible(entry), release) for entry, release in patches if release not in possible(entry)]
    versions = sum(len(possible(entry)) for entry, _ in patches)
    assert len(patches) > 220
    assert len(missed) <= 0.015 * len(patches), missed
    assert versions <= 1.2 * len(patches), versions / len(patches)
