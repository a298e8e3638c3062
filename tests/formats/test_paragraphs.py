"""Other notations: empty lines made of line breaks, definition lists, URLs below titles, days with points."""

from __future__ import annotations

import pytest

from indexer.dividing import divide
from indexer.formats.dates import day_in
from indexer.formats.pandoc import INCLUDE
from indexer.formats.registry import read_source
from indexer.ingest import Hints, parse
from indexer.model import Block, Newsletter
from indexer.sources.archive import Archive
from tests.conftest import SHIPPED


def blocks(text: str, name: str) -> list[Block]:
    (document,) = read_source(text.encode(), name)
    return list(document.blocks)


def test_two_line_breaks_end_a_paragraph() -> None:
    text = """<table><tr><td><strong>New tools</strong><br>&nbsp;<br>
    <strong><a href="https://e.org/1">River</a></strong><br>
    A long story about a small and quiet river.<br><br><span><a href="https://e.org/2">Stone</a><br><br>It rolls.</span>
    </td></tr>
    <tr><td>A line<br>and another of the same long paragraph in this table.</td></tr></table>"""
    found = blocks(text, "a.html")
    assert [block.text.strip() for block in found] == [
        "New tools",
        "River A long story about a small and quiet river.",
        "Stone",
        "It rolls.",
        "A line and another of the same long paragraph in this table.",
    ]
    assert [span.kind for span in found[1].spans] == ["line", "link", "strong"]


def test_blocks_in_a_link_are_one_paragraph() -> None:
    text = "<p>The news of this week are told below, in short.</p>"
    text += '<ul><li><a href="https://e.org/1"><div><h3>River</h3><p>It rose.</p></div></a></li></ul>'
    assert [block.text for block in blocks(f"<article>{text * 4}</article>", "a.html")][:2] == [
        "The news of this week are told below, in short.",
        "River It rose.",
    ]


def test_a_term_and_its_description_are_a_list() -> None:
    found = blocks(
        "## Words\n\nRiver\n:   It is long.\n\nStone\n: It is [hard](https://e.org/1).\n: It rolls.\n", "a.md"
    )
    assert [(block.kind, block.text) for block in found] == [
        ("heading", "Words"),
        ("bullet", "River"),
        ("paragraph", "It is long."),
        ("bullet", "Stone"),
        ("paragraph", "It is hard."),
        ("paragraph", "It rolls."),
    ]


@pytest.mark.parametrize(
    "text", ["It says\nwhat one may\n: nothing.\n", "The whole sentence.\n: a smile\n", ": alone\n"]
)
def test_a_wrapped_line_may_begin_with_a_colon(text: str) -> None:
    (block,) = blocks(text, "a.md")
    assert (block.kind, block.text) == ("paragraph", " ".join(text.split()))


def test_a_url_below_a_title_in_a_mail_is_its_link_and_the_line_below_its_byline() -> None:
    items = (
        "The long river\nhttps://e.org/1\nby Ann Bee\nLessons of ten years.\n\nA stone\nhttps://e.org/2\nIt rolls.\n"
    )
    raw = f"From: a@e.org\nDate: Mon, 1 Jan 2024 08:00:00 +0000\nSubject: ZZ 1\n\nNews\n----\n\n{items}"
    (document,) = read_source(raw.encode(), "a.eml")
    pieces = divide(document, Newsletter("zz", "ZZ"), "a.eml").pieces
    assert [(piece.title, piece.url, piece.author) for piece in pieces] == [
        ("The long river", "https://e.org/1", "Ann Bee"),
        ("A stone", "https://e.org/2", None),
    ]


def test_a_day_may_be_written_with_points() -> None:
    text = "## News\n\n- [River](https://e.org/1)\n"
    folder = Archive(SHIPPED, SHIPPED)
    (issue,) = parse(text.encode(), "2024.02.12.md", folder, Hints("zz"))
    assert (str(issue.label), str(issue.date and issue.date.date())) == ("2024-02-12", "2024-02-12")
    assert day_in("Release 2024.13.12") is None


def test_conditions_of_asciidoc_are_no_text() -> None:
    pytest.importorskip("pypandoc")
    text = "= ZZ 1\n\nifdef::env-github[:outfilesuffix: .adoc]\n\nifdef::x[]\nA river.\nendif::[]\n"
    assert [block.text for block in blocks(text, "a.adoc")] == ["A river."]


def test_a_condition_of_asciidoc_ends_with_its_line() -> None:
    pytest.importorskip("pypandoc")
    text = "ifeval::[{n} >= 2]\nA river.\nendif::[]\n"
    assert [block.text for block in blocks(text, "a.adoc")] == ["A river."]
    text = "ifeval::[x\n\n== A section\n\nA lake == here]\n"
    assert INCLUDE.sub("", text) == text
