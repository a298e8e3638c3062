"""Subjects that differ in the spelling of a word are one subject, and those that differ in a word are two."""

from __future__ import annotations

import pytest

from indexer.kernel.misspellings import misspelt


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("bpf: recieve the packet", "bpf: receive the packet", True),
        ("bpf: fix alignement of fields", "bpf: fix alignment of fields", True),
        ("bpf: fix teh helper", "bpf: fix the helper", True),
        ("bpf: add bpf_getsockop to sample", "bpf: add bpf_getsockopt to sample", True),
        ("bpf: adjsut verifer state", "bpf: adjust verifier state", True),
        ("net/mlx4: add xdp", "net/mlx5: add xdp", False),
        ("bpf: read the map", "bpf: head the map", False),
        ("bpf: enable the map", "bpf: disable the map", False),
        ("bpf: add clock time", "bpf: add block time", False),
        ("bpf: add support", "bpf: add more support", False),
        ("bpf: same words", "bpf: same words", False),
    ],
)
def test_only_spelling_mistakes_are_ignored(one: str, other: str, same: bool) -> None:
    assert misspelt(one, other) is same
