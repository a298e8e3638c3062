"""Quirks of real issues, each a pair of files; `python -m tests.golden` rewrites the expectations."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests import golden


@pytest.mark.parametrize("path", golden.inputs(), ids=lambda path: path.name)
def test_an_input_divides_into_its_expected_entries(path: Path) -> None:
    expected = golden.expectation_of(path).read_text(encoding="utf-8")
    assert golden.entries_in(path).splitlines() == expected.splitlines()


def test_each_expected_output_has_an_input() -> None:
    expectations = {path.name for path in golden.FOLDER.glob("*.expected.jsonl")}
    assert expectations == {golden.expectation_of(path).name for path in golden.inputs()}
