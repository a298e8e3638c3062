"""Patches of one series belong together, across versions and issues."""

from __future__ import annotations

from functools import cache

from indexer.kernel.series import Series, normalised
from indexer.model import Entry
from tests.issues import ARCHIVE, NUMBERS, entries_of, retold

ARM = "arm-ebpf-jit-compiler-shubham-bansal"


def patches(*lines: str) -> tuple[Entry, ...]:
    return entries_of("## Patches\n\n" + "\n".join(lines))


def taken(*issues: tuple[Entry, ...]) -> list[list[tuple[str | None, int | None]]]:
    """Return the series and version of each entry, by issue."""
    series = Series({})
    return [[(entry.series, entry.version) for entry in series.take(issue)] for issue in issues]


def patch(subject: str, author: str = "Ann Example", n: int = 1) -> str:
    return f"- {author}, [{subject}](https://example.org/{n})"


@cache
def postings() -> dict[str, list[tuple[int, int | None]]]:
    """Return the issue and version of each posting of each series in the archive."""
    series, found = Series(ARCHIVE.facts.same_series), {}
    for number in NUMBERS:
        for entry in series.take(retold(number).entries):
            if entry.series and not entry.parent:
                found.setdefault(entry.series, []).append((number, entry.version))
    return found


def test_the_arm_compiler_is_followed_from_its_rfc_to_v4() -> None:
    assert postings()[ARM] == [(4, 1), (5, 2), (10, 4)]


def test_every_patch_is_of_a_series() -> None:
    series = Series(ARCHIVE.facts.same_series)
    entries = [entry for number in NUMBERS for entry in series.take(retold(number).entries)]
    assert all((entry.kind == "patch") == (entry.series is not None) for entry in entries)


def test_a_higher_version_continues_despite_tags_case_and_punctuation() -> None:
    [[(one, v1)], [(other, v2)]] = taken(
        patches(patch("[RFC PATCH] arm: `eBPF` JIT")), patches(patch("[PATCH net-next v2] ARM, eBPF jit"))
    )
    assert (one, v1, v2) == (other, 1, 2)


def test_the_same_subject_at_the_same_version_is_another_series() -> None:
    [[(one, _)], [(other, _)]] = taken(patches(patch("[PATCH] Misc updates")), patches(patch("[PATCH] Misc updates")))
    assert other == f"{one}-2"


def test_the_same_subject_by_another_author_is_another_series() -> None:
    [[(one, _), (other, _)]] = taken(patches(patch("[PATCH] x y"), patch("[PATCH v2] x y", "Ben Example", 2)))
    assert one != other


def test_an_issue_that_lists_the_newest_version_first_is_one_series() -> None:
    [[newest, oldest]] = taken(patches(patch("[PATCH v2] x y"), patch("[PATCH] x y", n=2)))
    assert newest[0] == oldest[0]
    assert (newest[1], oldest[1]) == (2, 1)


def test_patches_have_the_series_of_their_cover_or_of_the_first_if_there_is_none() -> None:
    [[cover, child]] = taken(patches(patch("[PATCH 0/1] all"), "  - [[PATCH 1/1] one](https://example.org/9)"))
    [[first, second, alone]] = taken(
        patches(patch("[PATCH 1/2] one"), patch("[PATCH 2/2] two", n=2), patch("[PATCH] three", n=3))
    )
    assert cover == child
    assert first == second != alone


def test_similar_subjects_are_listed_and_not_merged() -> None:
    series = Series({})
    series.take(patches(patch("[PATCH] bpf: fix a build issue"), patch("[PATCH v2] bpf: fix a build problem", n=2)))
    [near] = series.near()
    assert (near.subject, near.other) == ("bpf fix a build issue", "bpf fix a build problem")


def test_a_manual_decision_merges_or_separates_similar_series() -> None:
    key = ("ann example", "bpf fix a build problem")
    for other, same in (("bpf fix a build issue", True), (key[1], False)):
        series = Series({key: other})
        first, second = series.take(
            patches(patch("[PATCH v2] bpf: fix a build problem", n=2), patch("[PATCH] bpf: fix a build issue"))
        )
        assert (first.series == second.series) is same
        assert series.near() == []


def test_a_subject_is_compared_only_by_its_words() -> None:
    assert normalised("RFC: bpf, arm64: Add `x_y`()") == "bpf arm64 add x y"
