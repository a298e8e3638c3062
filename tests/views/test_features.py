"""Features that are not identifiers."""

from __future__ import annotations

import pytest

from indexer.views.features import is_feature


@pytest.mark.parametrize(
    ("name", "feature"),
    [
        ("ARM32 JIT", True),
        ("Conditional jumps JLT, JLE", True),
        ("bpf_getsockopt", False),
        ("BPF_J{LT, LE, SLT, SLE}", False),
        ("__traits(getMember, T, m)", False),
    ],
)
def test_a_feature_has_several_words_outside_brackets(name: str, feature: bool) -> None:
    assert is_feature(name) is feature
