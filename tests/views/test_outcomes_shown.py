"""The facet of outcomes, the queries for it and the records agree with what series say."""

from __future__ import annotations

import pytest

from indexer.catalog.protocol import Catalog, total
from indexer.cli.wording import known_in_words, outcome_in_words
from indexer.kernel.series_outcomes import outcomes_of_series
from indexer.model import OF_SERIES, Entry, Outcome
from indexer.query.query import Query
from indexer.query.tree import And, Match
from indexer.records import outcome_record
from indexer.sources.archive import Archive
from indexer.views.series import series_of
from webui.app import create_app


def patch(n: int, title: str, version: int, outcome: Outcome | None = None) -> Entry:
    return Entry(
        "bpf-updates", 1, n, str(n), "", "patch", title, "", outcome=outcome, series="a-thing", version=version
    )


MERGED = Outcome("2", "merged", "1" * 40, "linux", "v4.14", "subject and author agree")


def test_patches_of_a_merged_series_are_merged_and_earlier_versions_superseded() -> None:
    posted = [patch(1, "[PATCH 1/2] x", 1), patch(2, "[PATCH v2 1/2] x", 2, MERGED), patch(3, "[PATCH v2 2/2] y", 2)]
    found = {each.entry: (each.outcome, each.release, each.grade) for each in outcomes_of_series(posted)}
    assert found == {"1": ("superseded", "v4.14", OF_SERIES), "3": ("merged", "v4.14", OF_SERIES)}


def test_a_patch_that_was_not_found_is_not_merged_with_its_series_but_superseded_with_it() -> None:
    unknown = Outcome("1", "unknown", source="no trace", grade="none")
    posted = [patch(1, "[PATCH v2 1/2] y", 2, unknown), patch(2, "[PATCH v2 2/2] x", 2, MERGED)]
    assert list(outcomes_of_series(posted)) == []
    (later,) = outcomes_of_series([patch(1, "[PATCH 1/2] y", 1, unknown), posted[1]])
    assert later.outcome == "superseded"


def test_the_facet_counts_agree_with_the_pages_of_series(catalog: Catalog) -> None:
    said = {
        brief.id: version.outcome
        for term in catalog.terms("series")
        if (found := series_of(catalog, term.text))
        for version in found.versions
        for brief in (*([version.cover] if version.cover else []), *version.patches)
    }
    patches = list(catalog.find(Match("kind", "patch")))
    silent = [each.id for each in patches if each.outcome is None and said.get(each.id, "unknown") != "unknown"]
    assert silent == []
    for each in patches:
        if each.outcome and each.outcome.grade == OF_SERIES:
            assert each.outcome.outcome == said[each.id]


def test_queries_for_an_outcome_find_as_many_as_the_facet_counts(catalog: Catalog) -> None:
    counts = catalog.count("outcome")
    assert counts["merged"] > 450
    assert counts["superseded"] > 90
    for outcome, count in counts.items():
        page = catalog.search(Query(f'outcome:"{outcome}"', fold=False))
        shown = {each.value: each.count for each in page.facets["outcome"]}
        assert (page.total, total(catalog, Match("outcome", outcome)), shown[outcome]) == (count, count, count)


REVERTED = [
    ("reverted by 1234567890ab in v4.15", "v4.15", "reverted in v4.15"),
    ("reverted by 1234567890ab in v4.14", "v4.14", "reverted before the release"),
    ("reverted by 1234567890ab", "", "reverted, not yet in a release"),
]


@pytest.mark.parametrize(("source", "release", "said"), REVERTED)
def test_a_revert_is_read_from_the_source(source: str, release: str, said: str) -> None:
    outcome = Outcome("1", "merged", "2" * 40, "linux", "v4.14", f"subject and author agree; {source}")
    assert outcome.reverted
    assert (outcome.reverted.release, outcome.reverted.said) == (release, said)
    assert outcome.values == ("merged", "reverted")
    assert outcome_record(outcome)["reverted"] == {"commit": "1234567890ab", "release": release, "said": said}
    assert outcome_in_words(outcome) == f"merged as {'2' * 12} in linux v4.14, {said}"
    record = {"outcome": outcome_record(outcome), "kind": "patch"}
    versions = [{"version": "v4.14", "how": "merged"}]
    assert known_in_words(record, versions) == f"merged in v4.14, {said}"


def test_a_change_that_was_reverted_and_applied_again_is_not_reverted() -> None:
    source = "subject and author agree; 1234567890ab was reverted before the release and applied again"
    assert Outcome("1", "merged", "2" * 40, "linux", "v4.14", source).reverted is None


def test_a_page_and_the_api_agree_about_a_patch_matched_by_its_series(archive: Archive, catalog: Catalog) -> None:
    client = create_app(archive.data).test_client()
    merged = catalog.find(And((Match("outcome", "merged"), Match("kind", "patch"))))
    entry = next(each for each in merged if each.outcome and each.outcome.grade == OF_SERIES)
    page = client.get(f"/entry/{entry.id}").get_data(as_text=True)
    record = client.get(f"/api/v1/entries/{entry.id}").get_json()
    assert record["outcome"]["outcome"] == "merged"
    assert record["series_outcomes"][0]["result"]["said"] in page
    assert "commit is not known" not in page
