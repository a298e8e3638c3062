"""Features that are not identifiers: entries that report them show their release, and each has a page."""

from __future__ import annotations

import pytest

from indexer.catalog.protocol import Catalog
from indexer.kernel.features import reported_features
from indexer.views.features import feature_named, feature_slug
from indexer.views.identifiers import name_of
from tests.issues import ARCHIVE
from tests.linux import query_of

FACTS = ARCHIVE.facts


@pytest.mark.parametrize(
    ("title", "names"),
    [
        ("ARM eBPF JIT got merged at last", ["ARM32 JIT"]),
        ("A generic XDP implementation landed in b5cdae3291f7 (net: Generic XDP, 2017-04-18)", ["Generic XDP"]),
        ("SPARC gained support in 7a12b5031c6bdeb0a45a3ae9c0da8a23b7b3a4f9", ["Sparc64 JIT"]),
        ("A talk about XDP and the ARM architecture", []),
    ],
)
def test_a_title_reports_a_feature_by_words_or_commit(title: str, names: list[str]) -> None:
    assert [each.name for each in reported_features(title, FACTS.features)] == names


def test_a_feature_agrees_with_the_table_of_its_source() -> None:
    text = {
        name: (ARCHIVE.folder / "profiles" / "linux" / "facts" / name).read_text()
        for name in ("features.tsv", "outcomes.tsv")
    }
    lines = {
        each.name: [line for line in text[each.source].splitlines() if each.commit in line] for each in FACTS.features
    }
    assert [each.name for each in FACTS.features if not any(each.version in line for line in lines[each.name])] == []


@pytest.mark.parametrize(
    ("question", "version"),
    [
        ("did the arm jit land", "v4.14"),
        ("when did XDP_REDIRECT land", "v4.14"),
        ("which kernel has bpf_getsockopt", "v4.15"),
    ],
)
def test_the_first_hit_of_a_question_has_the_release(catalog: Catalog, question: str, version: str) -> None:
    first = catalog.search(query_of(question, {})).hits[0].record
    assert version in [each["version"] for each in first["kernel"] if each["how"] in ("landed", "merged")]


def test_a_feature_has_a_page_with_the_entries_that_report_it(catalog: Catalog) -> None:
    assert feature_slug("ARM32 JIT") == "arm32-jit"
    name = feature_named(catalog, "arm32-jit")
    assert name
    found = name_of(catalog, name)
    assert found
    assert (found.version, found.commit) == ("v4.14", "39c13c204bb1")
    assert "bpf-updates/10/arm-ebpf-jit-got" in [mention.entry.id for mention in found.mentions]
