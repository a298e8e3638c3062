"""Format versions, outcomes and records for the commands."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from indexer.controls import INTERPRETED
from indexer.model import OF_SERIES

if TYPE_CHECKING:
    from indexer.model import Outcome

HOW_WORDS = {
    "stated": "{} stated",
    "landed": "landed in {}",
    "merged": "merged in {}",
    "issue": "in development for {}",
}
BEST_FIRST = ("landed", "merged", "stated", "issue")


def counted(count: int, noun: str, plural: str = "") -> str:
    """Return a number with its noun, such as "1 entry" or "1,292 entries"."""
    return f"{count:,} {noun if count == 1 else plural or f'{noun}s'}"


def versions_in_words(versions: Sequence[Mapping[str, Any]], *, dated: bool = True) -> str:
    """Return an entry's versions as text, such as "landed in v4.15, in development for v4.16".

    Each version is named once, by its best evidence. Versions known only by date are left out if the release of a patch
    is known, or if `dated` is false.
    """
    dated = dated and not any(each["how"] == "merged" for each in versions)
    shown: dict[str, str] = {}
    for each in sorted(versions, key=lambda each: BEST_FIRST.index(each["how"])):
        if dated or each["how"] != "issue":
            shown.setdefault(each["version"], HOW_WORDS[each["how"]].format(each["version"]))
    return ", ".join(shown.values())


def known_in_words(record: Mapping[str, Any], versions: Sequence[Mapping[str, Any]], *, dated: bool = True) -> str:
    """Return the versions and the outcome of an entry as text, such as "merged in iproute2 v4.14.0".

    A version known only by date is left out for patches that another project merged, and for unmerged patches.
    """
    outcome = record["outcome"] or {"outcome": "unknown"}
    result = outcome["outcome"]
    release = outcome.get("release") or (f"{outcome['latest']} at the latest" if outcome.get("latest") else "")
    if result == "merged" and not any(each["how"] == "merged" for each in versions) and release:
        what = "series merged" if outcome.get("grade") == OF_SERIES else "merged"
        result = f"{what} in {outcome['repository']} {release}"
    reverted = outcome.get("reverted") or {"said": ""}
    if result in ("merged", "unknown"):
        return ", ".join(filter(None, (versions_in_words(versions, dated=dated), reverted["said"])))
    surer = [each for each in versions if each["how"] != "issue"]
    return ", ".join(filter(None, (versions_in_words(surer), result, reverted["said"])))


def outcome_in_words(outcome: Outcome) -> str:
    """Return the outcome of a patch as text, such as "merged as 39c13c204b in iproute2 v4.14.0"."""
    commit = f" as {outcome.commit[:12]}" if outcome.commit else ""
    release = f" {outcome.where}" if outcome.where else ""
    if outcome.outcome == "superseded" and (commit or release):
        return f"superseded by a later version, which was merged{commit}{release}"
    if outcome.grade == OF_SERIES:
        return f"{outcome.outcome}{release} ({outcome.source})"
    unknown = ", commit not known" if outcome.outcome == "merged" and not commit else ""
    reverted = f", {outcome.reverted.said}" if outcome.reverted else ""
    return f"{outcome.outcome}{commit}{release}{unknown}{reverted}"


def as_line(record: Mapping[str, Any]) -> str:
    """Return an object as one line of JSON, with control characters escaped."""
    line = json.dumps(record, ensure_ascii=False)
    return INTERPRETED.sub(lambda match: f"\\u{ord(match[0]):04x}", line)
