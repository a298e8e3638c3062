"""A table that TOML or a regular expression rejects is a message, and never a traceback or a hang."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from indexer.errors import BadArchive
from indexer.ingest import page_of
from indexer.profile.corrections import load_corrections
from indexer.profile.newsletters import load_newsletter
from indexer.profile.tables import rows

TABLES = ("a = " + "[" * 20_000, "every = " + "9" * 5_000, "every = 99999999999999999999", "titles = [5]", "files = 5")


@pytest.mark.parametrize("text", TABLES, ids=["deep", "digits", "days", "pattern", "patterns"])
def test_a_bad_value_in_the_table_of_a_newsletter_is_a_message(tmp_path: Path, text: str) -> None:
    path = tmp_path / "newsletter.toml"
    path.write_text(f'name = "Weekly"\n{text}\n', encoding="utf-8")
    with pytest.raises(BadArchive, match=r"newsletter\.toml: "):
        load_newsletter(path)


@pytest.mark.parametrize("text", TABLES[:2], ids=["deep", "digits"])
def test_a_bad_value_in_corrections_is_a_message(tmp_path: Path, text: str) -> None:
    path = tmp_path / "corrections.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BadArchive, match=r"corrections\.toml: "):
        load_corrections(path)


def test_a_fifo_in_place_of_a_table_is_a_message(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "outcomes.tsv")  # reading it would wait for ever
    os.mkfifo(tmp_path / "newsletter.toml")
    with pytest.raises(BadArchive, match="not a regular file"):
        rows(tmp_path / "outcomes.tsv")
    with pytest.raises(BadArchive, match="not a regular file"):
        load_newsletter(tmp_path / "newsletter.toml")


def test_a_pattern_of_pages_for_numbers_gives_no_page_for_another_label(tmp_path: Path) -> None:
    path = tmp_path / "newsletter.toml"
    path.write_text('name = "Weekly"\npage = "https://a.example/{number:03d}"\n', encoding="utf-8")
    newsletter = load_newsletter(path)
    assert page_of(newsletter, 7, None) == "https://a.example/007"
    assert page_of(newsletter, "2020-w3", None) is None
