"""The tables of facts load, and each day belongs to the right release."""

from __future__ import annotations

import shutil
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from indexer.errors import BadArchive
from indexer.kernel.calendar import version_at, versions_between
from indexer.kernel.facts import Facts, load_facts
from indexer.profile.tables import rows
from tests.issues import ARCHIVE

FACTS = ARCHIVE.folder / "profiles" / "linux" / "facts"
DAY = timedelta(days=1)


@pytest.fixture(scope="module")
def facts() -> Facts:
    return load_facts(FACTS.joinpath)


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    return Path(shutil.copytree(FACTS, tmp_path / "facts"))


def test_each_alias_names_something_that_a_table_has(facts: Facts) -> None:
    targets = {alias.canonical for alias in facts.aliases.values()} - {""}
    assert targets
    assert targets <= set(facts.landings)


def test_each_landing_is_in_a_release_that_the_calendar_has_or_is_older(facts: Facts) -> None:
    known = {release.version for release in facts.releases}
    unknown = {landing.version for landing in facts.landings.values()} - known
    assert all(tuple(map(int, version[1:].split("."))) < (3, 15) for version in unknown)


def test_each_table_names_the_source_of_its_rows() -> None:
    for table in FACTS.glob("*.tsv"):
        text = table.read_text(encoding="utf-8")
        comments = " ".join(line for line in text.splitlines() if line.startswith("#"))
        assert "source" in comments.casefold() or all(row["why"] for row in rows(table)), table.name


def test_releases_are_in_order_and_each_rc1_falls_between_two(facts: Facts) -> None:
    for before, after in pairwise(facts.releases):
        assert before.released < after.rc1 < after.released


def test_a_name_is_resolved_in_the_spellings_that_people_use(facts: Facts) -> None:
    written = ("bpf_getsockops", "bpf_getsockops()", "bpf_getsockopt", "BPF_FUNC_getsockopt")
    assert {facts.canonical(name) for name in written} == {"bpf_getsockopt"}
    assert all(facts.is_helper(name) for name in written)


def test_a_name_without_a_table_stays_unchanged(facts: Facts) -> None:
    assert facts.canonical("bpf_never_merged") == "bpf_never_merged"
    assert facts.landing("bpf_never_merged") is None


def test_an_internal_function_is_not_an_alias_of_a_helper(facts: Facts) -> None:
    assert facts.canonical("bpf_skb_adjust_net") == "bpf_skb_adjust_net"
    assert not facts.is_helper("bpf_skb_adjust_net")


def test_the_landing_of_a_helper_has_its_version_and_commit(facts: Facts) -> None:
    landing = facts.landing("bpf_getsockops")
    assert landing is not None
    assert (landing.name, landing.version, landing.commit) == ("bpf_getsockopt", "v4.15", "cd86d1fd2102")


def test_both_of_two_differing_sources_are_kept(facts: Facts) -> None:
    landing = facts.landing("bpf_map_lookup_elem")
    assert landing is not None
    assert [(claim.source, claim.version) for claim in landing.claims if claim.differs] == [("ebpf-docs", "v3.18")]
    assert landing.version == "v3.19"


# The date of each release in the table, and of -rc1 of the next one.
@pytest.mark.parametrize(
    ("version", "released", "next_rc1", "coming", "after"),
    [
        ("v3.19", date(2015, 2, 9), date(2015, 2, 22), "v4.0", "v4.1"),
        ("v4.11", date(2017, 5, 1), date(2017, 5, 13), "v4.12", "v4.13"),
        ("v4.12", date(2017, 7, 2), date(2017, 7, 15), "v4.13", "v4.14"),
        ("v4.14", date(2017, 11, 12), date(2017, 11, 26), "v4.15", "v4.16"),
        ("v4.20", date(2018, 12, 23), date(2019, 1, 6), "v5.0", "v5.1"),
        ("v6.19", date(2026, 2, 8), date(2026, 2, 22), "v7.0", "v7.1"),
    ],
)
def test_a_merge_window_runs_from_the_day_of_a_release_to_the_day_before_rc1(
    facts: Facts, version: str, released: date, next_rc1: date, coming: str, after: str
) -> None:
    def at(day: date) -> str | None:
        return version_at(facts.releases, day)

    assert at(released - DAY) == at(released) == at(next_rc1 - DAY) == coming
    assert at(next_rc1) == after
    assert fixes_on(facts, released - DAY) == (version,)
    assert fixes_on(facts, released + DAY) == fixes_on(facts, next_rc1) == (coming,)
    assert between(facts, released - DAY, released + DAY, fixes=True) == (version, coming)


def between(facts: Facts, since: date, day: date, *, fixes: bool) -> tuple[str, ...]:
    return versions_between(facts.releases, since, day, features=not fixes, fixes=fixes)


def fixes_on(facts: Facts, day: date) -> tuple[str, ...]:
    return between(facts, day - DAY, day, fixes=True)


def test_days_outside_the_calendar_have_no_version(facts: Facts) -> None:
    first, last = facts.releases[0].released, facts.releases[-1].released
    for fixes in (True, False):
        for day in (first - DAY, last, last + 365 * DAY):
            assert between(facts, day - DAY, day, fixes=fixes) == ()


def test_each_day_of_the_calendar_has_the_version_of_the_rule(facts: Facts) -> None:
    releases = facts.releases
    for before, coming, after in zip(releases, releases[1:], releases[2:], strict=False):
        for n in range((coming.released - before.released).days):
            day = before.released + n * DAY
            wanted = coming.version if day < coming.rc1 else after.version
            assert version_at(releases, day) == wanted, day


def test_a_missing_table_is_reported_with_its_path(copied: Path) -> None:
    (copied / "helpers.tsv").unlink()
    with pytest.raises(BadArchive, match=r"helpers\.tsv"):
        load_facts(copied.joinpath)


@pytest.mark.parametrize(
    ("table", "text", "said"),
    [
        ("helpers.tsv", "name\tversion\tcommit\nonly one value\n", "1 values for 3 columns"),
        ("helpers.tsv", "# nothing else\n", "The table has no header"),
        ("kernel-releases.tsv", "version\treleased\trc1\nv9.9\tsoon\tsooner\n", "a release date"),
        ("kernel-releases.tsv", "version\nv9.9\n", "no column released"),
        ("names.tsv", "written\tname\twhy\nbpf_x\tbpf_nowhere\tso\n", "bpf_nowhere, which no table of facts has"),
        ("names.tsv", "written\nbpf_x\n", "names.tsv"),
        ("helpers.tsv", "name\nbpf_x\n", "helpers.tsv"),
    ],
)
def test_an_invalid_table_is_reported_with_its_path(copied: Path, table: str, text: str, said: str) -> None:
    (copied / table).write_text(text, encoding="utf-8")
    with pytest.raises(BadArchive, match=said) as told:
        load_facts(copied.joinpath)
    assert str(copied / table) in str(told.value)


def test_a_table_that_is_not_utf_8_is_reported_with_its_path(copied: Path) -> None:
    (copied / "names.tsv").write_bytes(b"written\tname\twhy\n\xff\xfe\n")
    with pytest.raises(BadArchive, match=r"names\.tsv"):
        load_facts(copied.joinpath)


def test_comment_lines_of_a_table_are_not_rows(tmp_path: Path) -> None:
    path = tmp_path / "t.tsv"
    path.write_text("# a comment\na\tb\n1\t\n# another\n", encoding="utf-8")
    assert rows(path) == [{"a": "1", "b": ""}]


@pytest.mark.shared
@pytest.mark.parametrize("table", ["helpers", "program-types", "map-types", "features"])
def test_the_facts_are_those_of_the_reference(shared: Path, table: str) -> None:
    ours, theirs = (
        {(row["name"], row["version"], row["commit"]) for row in rows(folder / f"{table}.tsv")}
        for folder in (FACTS, shared / "facts")
    )
    assert ours == theirs


@pytest.mark.shared
def test_the_calendar_is_that_of_the_reference(shared: Path, facts: Facts) -> None:
    theirs = rows(shared / "facts" / "kernel-releases.tsv")
    wanted = {(row["version"], row["release_date_utc"] or row["release_date"], row["rc1_date"]) for row in theirs}
    assert {(each.version, str(each.released), str(each.rc1)) for each in facts.releases} == wanted
