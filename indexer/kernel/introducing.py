"""What an entry introduces: the names in the evidence of its versions, and the commit as which it was merged."""

from __future__ import annotations

from indexer import model

LANDED = " landed in "  # separates the name from the rest in the evidence of a landing
COMMIT_DIGITS = 12  # of the commits in the tables of facts


def names_landed(entry: model.Entry) -> list[str]:
    """Return the names that an entry introduces, from the evidence of its versions."""
    return [each.evidence.partition(LANDED)[0] for each in entry.versions if each.how == "landed"]


def commit_merged(entry: model.Entry) -> str:
    """Return the commit as which a patch was merged, as the tables of facts write commits; "" if unknown."""
    merged = entry.outcome is not None and any(each.how == "merged" for each in entry.versions)
    return entry.outcome.commit[:COMMIT_DIGITS] if entry.outcome and merged else ""
