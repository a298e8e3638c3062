"""Lists of series, and the series that were merged for a version, equal those of a loop over all entries."""

from __future__ import annotations

from indexer.catalog.protocol import Catalog
from indexer.kernel.series_outcomes import result_of
from indexer.kernel.subjects import parse_subject
from indexer.model import Entry
from indexer.query.tree import Match
from indexer.views.briefs import issue_about
from indexer.views.issues import around
from indexer.views.merged_series import merged_series
from indexer.views.series import all_series


def posted(catalog: Catalog) -> dict[str, list[Entry]]:
    """Return the patches of each series in reading order."""
    found: dict[str, list[Entry]] = {}
    for entry in catalog.find():
        if entry.series:
            found.setdefault(entry.series, []).append(entry)
    return found


def test_a_series_is_counted_from_the_first_patch_of_its_last_version(catalog: Catalog) -> None:
    patches = posted(catalog)
    counts = list(all_series(catalog))
    assert [each.id for each in counts] == sorted(patches)
    for each in counts:
        days = [(issue_about(catalog, patch).date[:10], patch.version or 1, patch) for patch in patches[each.id]]
        day, _, newest = max(days, key=lambda known: known[:2])
        assert (each.date, each.author, each.people) == (day, newest.author, newest.people)
        assert each.subject == parse_subject(newest.title).words
        assert each.versions == tuple(sorted({version for _, version, _ in days}))
        assert each.entries == len(days)


def test_the_series_that_were_merged_for_a_version_equal_those_of_a_loop(catalog: Catalog) -> None:
    results = {series: (result_of(patches), patches) for series, patches in posted(catalog).items()}
    for version in catalog.count("kernel"):
        wanted = {
            series
            for series, (result, patches) in results.items()
            if result.outcome == "merged"
            and result.release == version
            and sum((patch.version or 1) == result.version for patch in patches) > 1
            and any((each.version, each.how) == (version, "merged") for patch in patches for each in patch.versions)
        }
        found, number = merged_series(catalog, "kernel", version)
        assert {each.id for each in found} == wanted
        assert number == len(wanted)


def test_the_neighbours_of_an_entry_are_those_in_its_issue(catalog: Catalog) -> None:
    for issue in list(catalog.about.issues)[-2:]:
        held = list(catalog.find(Match("issue", issue)))
        for before, entry, after in zip([None, *held], held, [*held[1:], None], strict=False):
            found = around(catalog, entry)
            assert [each and each.id for each in found] == [each and each.id for each in (before, after)]
