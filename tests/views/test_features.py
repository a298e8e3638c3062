"""Features that are not identifiers."""

from __future__ import annotations

import pytest

from indexer.views.features import is_feature


@pytest.mark.parametrize(
    ("name", "feature"), [("ARM32 JIT", True), ("bpf_getsockopt", False), ("BPF_J{LT, LE, SLT, SLE}", False)]
)
def test_a_feature_has_words_and_an_identifier_none(name: str, feature: bool) -> None:
    assert is_feature(name) is feature
