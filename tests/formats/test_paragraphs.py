"""Paragraphs and lists in other notations: empty lines made of line breaks, and definition lists in Markdown."""

from __future__ import annotations

import pytest

from indexer.formats.registry import read_source
from indexer.model import Block


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
