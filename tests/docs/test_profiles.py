"""The profile in the manual is the one that the tests use."""

from __future__ import annotations

from tests.conftest import ROOT
from tests.other_fields import RUST


def test_the_profile_in_the_manual_is_the_tested_one_and_short() -> None:
    page = (ROOT / "docs" / "newsletter.md").read_text(encoding="utf-8")
    assert f"```toml\n{RUST}```" in page
    assert len([line for line in RUST.splitlines() if line]) <= 22
