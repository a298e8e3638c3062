"""Series say what became of them, on their own page and on the entries that are of them or tell of them."""

from __future__ import annotations

import pytest

from indexer.catalog.protocol import Catalog
from indexer.kernel.series_outcomes import result_of, superseding
from indexer.model import Entry, Outcome
from indexer.query.tree import Match
from indexer.views.briefs import any_of
from indexer.views.merge_reports import REPORTING_KINDS
from indexer.views.merged_series import is_fix
from indexer.views.reported_series import reported_series
from indexer.views.series import series_of
from indexer.views.versions import version_of

REDIRECT = "implement-xdp-bpf-redirect-john-fastabend"


def patch(n: int, title: str, version: int, outcome: str = "", release: str = "") -> Entry:
    known = Outcome(str(n), outcome, "1" * 12, "linux", release, "by another posting") if outcome else None
    return Entry("bpf-updates", 1, n, str(n), "", "patch", title, "", outcome=known, series="a-thing", version=version)


def test_a_merged_series_shows_how_many_of_its_patches_were_found() -> None:
    posted = [patch(1, "[PATCH v2 1/2] x: one", 2, "merged", "v4.14"), patch(2, "[PATCH v2 2/2] x: two", 2)]
    assert result_of(posted).said == "Merged in linux v4.14 as version 2: 1 of 2 patches are known to be merged."


def test_patches_that_continued_elsewhere_supersede_their_series() -> None:
    posted = [patch(1, "[RFC 1/2] x: one", 1, "superseded", "v4.13"), patch(2, "[RFC 2/2] x: two", 1)]
    assert result_of(posted).said == "Superseded by a later posting, which was merged in linux v4.13."


def test_an_earlier_version_is_superseded_by_the_merged_one_or_else_the_last() -> None:
    merged = [patch(1, "[PATCH] x: one", 1), patch(2, "[PATCH v2] x: one", 2, "merged", "v4.14")]
    assert [superseding(version, result_of(merged), (1, 2, 3)) for version in (1, 2, 3)] == [2, None, None]
    unknown = [patch(1, "[PATCH] x: one", 1), patch(2, "[PATCH v3] x: one", 3)]
    assert [superseding(version, result_of(unknown), (1, 3)) for version in (1, 3)] == [3, None]


def test_each_version_of_a_series_has_an_outcome(catalog: Catalog) -> None:
    found = series_of(catalog, "bpf-rewrite-value-tracking-in-verifier-edward-cree")
    assert found
    assert {each.superseded_by for each in found.versions[:-1]} == {5}
    assert (found.versions[-1].outcome, found.result.release) == ("merged", "v4.14")


def test_a_report_shows_the_outcome_of_its_series(catalog: Catalog) -> None:
    report = catalog.get("bpf-updates/9/the-xdp-redirect-series")
    assert report
    found = {each.id: each for each in reported_series(catalog, report)}
    assert found[REDIRECT].result.release == "v4.14"
    assert found[REDIRECT].why


def test_reports_and_series_link_to_each_other(catalog: Catalog) -> None:
    reports = catalog.find(any_of("kind", REPORTING_KINDS))
    by_report = {(report.id, found.id) for report in reports for found in reported_series(catalog, report)}
    by_series = {
        (each.entry.id, term.text)
        for term in catalog.terms("series")
        if (found := series_of(catalog, term.text))
        for each in found.outcomes
    }
    assert by_report == by_series


def test_an_earlier_version_shows_the_outcome_of_its_series(catalog: Catalog) -> None:
    first = next(catalog.find(Match("series", "bpf-rewrite-value-tracking-in-verifier-edward-cree")))
    (found,) = reported_series(catalog, first)
    assert (found.version, found.superseded_by, found.result.release) == (first.version, 5, "v4.14")


@pytest.mark.parametrize(
    ("version", "kind", "name"),
    [
        ("v4.13", "feature", "BPF on all perf events"),
        ("v4.14", "feature", "ARM32 JIT"),
        ("v4.15", "feature", "Several programs per tracepoint or kprobe"),
        ("v4.15", "map type", "BPF_MAP_TYPE_CPUMAP"),
    ],
)
def test_what_is_new_in_a_version_is_listed_by_kind(catalog: Catalog, version: str, kind: str, name: str) -> None:
    found = version_of(catalog, "kernel", version)
    assert found
    assert name in [each.landing.name for group in found.landed if group.kind == kind for each in group.names]


def test_a_version_lists_the_series_that_were_merged_for_it(catalog: Catalog) -> None:
    found = version_of(catalog, "kernel", "v4.14")
    assert found
    merged = {each.id: each for each in found.merged}
    assert (merged[REDIRECT].merged, merged[REDIRECT].patches, merged[REDIRECT].area) == (12, 12, "xdp")
    assert all(each.patches > 1 for each in found.merged)


@pytest.mark.parametrize(
    ("subject", "fixes"),
    [("bpf: fix the verifier", True), ("bpf: fixes for maps", True), ("bpf: add longest prefix match", False)],
)
def test_a_fix_is_marked(subject: str, fixes: bool) -> None:
    assert is_fix(patch(1, f"[PATCH net-next 1/2] {subject}", 1)) == fixes


def test_the_patch_that_introduced_a_name_mentions_it(catalog: Catalog) -> None:
    found = version_of(catalog, "kernel", "v4.14")
    assert found
    names = {each.landing.name: each for group in found.landed for each in group.names}
    assert [each.entry.kind for each in names["BPF_SK_SKB_STREAM_PARSER"].mentions] == ["patch"]
