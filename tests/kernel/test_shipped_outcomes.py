"""The shipped table of outcomes is consistent with the other tables and reaches the entries."""

from __future__ import annotations

from functools import cache

from indexer.kernel.facts import Facts
from indexer.kernel.outcomes import combined, read_outcomes
from indexer.model import OUTCOMES, Entry, Outcome
from tests.issues import ARCHIVE, NUMBERS, retold

FACTS: Facts = ARCHIVE.facts


@cache
def patches() -> dict[str, Entry]:
    return {entry.id: entry for number in NUMBERS for entry in retold(number).entries if entry.kind == "patch"}


def test_each_row_has_a_patch_and_a_source() -> None:
    assert set(FACTS.outcomes) <= set(patches())
    assert all(row.source and row.grade and row.outcome in OUTCOMES for row in FACTS.outcomes.values())
    assert {row.repository for row in FACTS.outcomes.values()} <= set(FACTS.repositories)


def test_at_least_250_patches_have_the_release_of_their_merge() -> None:
    merged = [entry for entry in patches().values() if any(each.how == "merged" for each in entry.versions)]
    assert len(merged) >= 250


def test_other_projects_have_their_own_releases_and_no_kernel_version() -> None:
    others = [row for row in FACTS.outcomes.values() if row.repository != "linux" and row.outcome == "merged"]
    assert len(others) > 50
    assert all(row.release or row.latest for row in others)
    assert not any(each.how == "merged" for row in others for each in patches()[row.entry].versions)


def test_a_release_that_is_only_a_bound_is_reported_as_one() -> None:
    bounds = [row for row in FACTS.outcomes.values() if row.latest]
    assert {row.where for row in bounds} == {"in llvm 6.0.0 at the latest"}
    assert not any(row.release for row in bounds)


def test_a_commit_in_two_tables_has_the_same_release() -> None:
    known = {landing.commit[:12]: landing.version for landing in FACTS.landings.values() if landing.commit}
    rows = [row for row in FACTS.outcomes.values() if row.release and row.commit[:12] in known]
    assert len(rows) > 20
    assert [row for row in rows if known[row.commit[:12]] != row.release] == []


def test_a_weaker_outcome_reports_an_unknown_commit() -> None:
    series = next(row for row in FACTS.outcomes.values() if row.grade == "series" and row.outcome == "merged")
    evidence = [each.evidence for each in patches()[series.entry].versions if each.how == "merged"]
    assert evidence
    assert all("commit not known" in each for each in evidence)


def test_a_user_s_row_replaces_a_shipped_one_unless_it_is_unknown() -> None:
    shipped = {name: Outcome(name, "merged", "1" * 40, "linux", "v4.14") for name in ("one", "two")}
    own = {"one": Outcome("one", "merged", "2" * 40, "linux", "v4.15"), "two": Outcome("two", "unknown")}
    both = combined(shipped, own | {"three": Outcome("three", "unknown")})
    assert [each.release for each in both.values()] == ["v4.15", "v4.14", ""]


def test_a_users_table_is_read_next_to_the_shipped_one() -> None:
    assert read_outcomes(ARCHIVE.folder / "profiles" / "linux" / "facts" / "nothing.tsv") == {}
