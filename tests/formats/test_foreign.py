"""What no reader reads is refused by name, with what to do, whatever the file is called."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from indexer.errors import UnreadableSource
from indexer.formats import parts_of, read_source
from tests.commands import run
from tests.other_fields import garden

FOREIGN = {
    "a PDF": b"%PDF-1.4\n%\xe2\xe3\n",
    "RTF": b"{\\rtf1 Some words}",
    "old Word": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
    "LaTeX": b"% a comment\n\\documentclass{article}\n\\begin{document}Words\\end{document}\n",
    "ZIP": b"PK\x03\x04\x14\0",
    "compressed": b"\x1f\x8b\x08",
    "an image": b"\x89PNG\r\n\x1a\n",
    "JSON": json.dumps({"blocks": [{"text": "Some words"}]}).encode(),
}


@pytest.mark.parametrize("name", ["issue.md", "issue.txt", "issue.pdf", "issue", "https://zz.example/1"])
@pytest.mark.parametrize("what", FOREIGN)
def test_a_foreign_format_is_named_whatever_the_file_is_called(what: str, name: str) -> None:
    for read in (read_source, parts_of):
        with pytest.raises(UnreadableSource) as error:
            list(read(FOREIGN[what], name))
        assert what in str(error.value)
        assert str(error.value).endswith(".")


@pytest.mark.parametrize(
    "text", ["[Garden](https://garden.example) has news for you", '{"title": "ZZ 1"}\n\nNews of gardens']
)
def test_text_that_only_begins_like_json_is_read(text: str) -> None:
    assert read_source(text.encode(), "issue.md")[0].blocks


@pytest.mark.parametrize("name", ["words.csv", "notes.yaml", "paper.tex.orig", "talk.pages"])
def test_add_and_parse_refuse_an_unknown_suffix(tmp_path: Path, name: str) -> None:
    archive = garden(tmp_path / "garden")
    path = tmp_path / name
    path.write_text("one, two\nthree, four\n", encoding="utf-8")
    said = ("--newsletter", "garden-notes", "--issue", "77", "--date", "2024-01-01")
    for command in ("parse", "add"):
        result = run(archive, command, str(path), *said)
        assert result.exit_code == 1
        assert f"{path.suffix} files cannot be read" in result.stderr


@pytest.mark.parametrize("name", ["empty.mbox", "empty.eml"])
def test_a_mailbox_without_messages_is_reported(name: str) -> None:
    with pytest.raises(UnreadableSource, match="contains no e-mail"):
        read_source(b"From nobody\n\n", name)
