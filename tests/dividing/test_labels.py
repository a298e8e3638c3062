"""Labels inside items, lines that announce lists, bylines of other habits, and titles with their URLs below them."""

from __future__ import annotations

import pytest

from indexer.dividing import divide
from indexer.formats.registry import read_source
from indexer.model import Division, Newsletter

NEWSLETTER = Newsletter("n", "N Weekly", introductions="boilerplate")


def divided(text: str, name: str = "a.md") -> Division:
    (document,) = read_source(text.encode(), name)
    return divide(document, NEWSLETTER, name)


def entries(text: str, name: str = "a.md") -> list[tuple[str, tuple[str, ...]]]:
    return [(piece.title, piece.section) for piece in divided(text, name).pieces]


def test_a_bullet_with_the_words_of_a_heading_is_an_entry_unless_it_is_in_a_table_of_contents() -> None:
    text = "## Compilers\n\n- [LLVM](https://e.org/1)\n- [GCC](https://e.org/2)\n- [Zig](https://e.org/3)\n\n"
    text += "## LLVM\n\n- [A pass](https://e.org/4)\n- [A fix](https://e.org/5)\n"
    assert [title for title, _ in entries(text)] == ["LLVM", "GCC", "Zig", "A pass", "A fix"]
    assert "LLVM" in [title for title, _ in entries(text.replace("[LLVM](https://e.org/1)", "LLVM"))]


def test_bold_labels_that_repeat_below_different_headings_are_parts_of_items() -> None:
    item = (
        "## {0} opens\n\n**The news:** The {0} is [open](https://e.org/{0}).\n\n**The details:**\n\n- It is deep.\n\n"
    )
    item += "**Why it matters:** Nobody knew the {0}.\n\n"
    text = "".join(item.format(name) for name in ("cave", "well", "mine"))
    assert entries(text) == [("cave opens", ()), ("well opens", ()), ("mine opens", ())]


def test_bold_lines_over_lists_of_links_are_sections_though_they_repeat() -> None:
    text = "".join(
        f"## {name}\n\n**Articles**\n\n- [{name} one](https://e.org/{name}1)\n- [{name} two](https://e.org/{name}2)\n\n"
        for name in ("Caves", "Wells", "Mines")
    )
    assert entries(text)[:2] == [("Caves one", ("Caves", "Articles")), ("Caves two", ("Caves", "Articles"))]


def test_a_line_in_capitals_that_announces_a_list_is_its_section() -> None:
    item = "[Caves in {0}](https://e.org/{0}) — The map has 4,000 caves.\n\nAnn Bee\n\n"
    text = (
        item.format("Oslo")
        + item.format("Lima")
        + "IN BRIEF:\n\n- [A hat](https://e.org/1)\n- [A song](https://e.org/2)\n\n"
    )
    assert entries(text + item.format("Graz")) == [
        ("Caves in Oslo", ()),
        ("Caves in Lima", ()),
        ("A hat", ("IN BRIEF",)),
        ("A song", ("IN BRIEF",)),
        ("Caves in Graz", ()),
    ]


@pytest.mark.parametrize(
    ("line", "title", "author"),
    [
        ("*Ann Bee*, [A map of all caves](https://e.org/1)", "A map of all caves", "Ann Bee"),
        ("Ann Bee and Cee Dee, [A map](https://e.org/1). It has 4,000 caves.", "A map", "Ann Bee and Cee Dee"),
        ("Read [a map](https://e.org/1) of Oslo, [the city](https://e.org/2)", "Read a map of Oslo, the city", None),
        ("The map is faster now (Ann Bee, Loom 5.2. [Link](https://e.org/1))", "The map is faster now", "Ann Bee"),
        ("The map is faster now (on Linux, since 5.2. [Link](https://e.org/1))", "", None),
    ],
)
def test_an_author_before_a_comma_or_with_a_version(line: str, title: str, author: str | None) -> None:
    (piece,) = divided(f"## Maps\n\n- {line}\n").pieces
    assert (piece.title, piece.author) == (title or piece.title, author)


REPORT = (
    "[Ann Bee](https://matrix.to/#/@ann:e.org) reports\n\n> The {} has [light](https://e.org/{}). It is bright.\n\n"
)


def test_a_section_with_one_report_beside_sections_of_items_is_no_item() -> None:
    items = "".join(
        f"### {name} ([site](https://e.org/{name}))\n\n{REPORT.format(name, 1)}" for name in ("Loom", "Quill")
    )
    text = f"## Dept of Caves\n\n{REPORT.format('cave', 2)}## Dept of Clients\n\n{items}"
    assert entries(text) == [
        ("The cave has light", ("Dept of Caves",)),
        ("Loom", ("Dept of Clients",)),
        ("Quill", ("Dept of Clients",)),
    ]


TITLES = """Maps
----

A map of all caves
https://e.org/1
by Ann Bee

The map has 4,000 caves.

A hat with a lamp
https://e.org/2
by Cee Dee

The hat shines.

Grants
------

New rope for all
https://e.org/3
by Eff Gee

The rope is long.
"""


def test_a_title_with_its_address_and_author_below_is_an_item_with_the_text_after_it() -> None:
    pieces = divided(TITLES, "a.txt").pieces
    assert [(piece.title, piece.url, piece.author, piece.section, len(piece.blocks)) for piece in pieces] == [
        ("A map of all caves", "https://e.org/1", "Ann Bee", ("Maps",), 2),
        ("A hat with a lamp", "https://e.org/2", "Cee Dee", ("Maps",), 2),
        ("New rope for all", "https://e.org/3", "Eff Gee", ("Grants",), 2),
    ]


@pytest.mark.parametrize(("high", "low"), [("== Maps ==", "=== A map ==="), ("## Maps", "### A map")])
def test_headings_of_mediawiki_and_markdown_in_plain_text(high: str, low: str) -> None:
    text = f"{high}\n\n{low}\n\nIt has 4,000 caves.\n\nhttps://e.org/1\n\n{low} of wells\n\nIt has wells.\n\nhttps://e.org/2\n"
    text = text.replace("=== of wells", "of wells ===")
    assert entries(text, "a.txt") == [("A map", ("Maps",)), ("A map of wells", ("Maps",))]


def test_short_headings_in_capitals_and_titles_in_capitals_with_a_note() -> None:
    text = "N Weekly 7\n\nNEWS\n\nDR. BEE: A MAP (3 MINUTE READ) [1]\n\nIt has caves.\n\n"
    text += "A HAT VS. A LAMP (2 MINUTE READ) [2]\n\nIt shines.\n\nTOOLS\n\n"
    text += "A ROPE: LONG (3 MINUTE READ) [3]\n\nIt holds.\n\nA SAW (3 MINUTE READ) [4]\n\nIt cuts.\n\n"
    text += "".join(f"[{n}] https://e.org/{n}\n" for n in range(1, 5))
    assert entries(text, "a.txt") == [
        ("DR. BEE: A MAP (3 MINUTE READ)", ("NEWS",)),
        ("A HAT VS. A LAMP (2 MINUTE READ)", ("NEWS",)),
        ("A ROPE: LONG (3 MINUTE READ)", ("TOOLS",)),
        ("A SAW (3 MINUTE READ)", ("TOOLS",)),
    ]


def test_cards_that_are_links_are_the_article_of_a_page() -> None:
    card = (
        '<figure class="kg-bookmark-card"><a href="https://e.org/{0}"><div>A map of {0}</div>'
        "<div>The map of {0} has 4,000 caves.</div><div><span>Cave Blog</span></div></a></figure>"
    )
    cards = "".join(card.format(name) for name in ("Oslo", "Lima", "Graz"))
    found = entries(f"<html><body><main><h1>N Weekly 7</h1><h2>Reads</h2>{cards}</main></body></html>", "a.html")
    assert found == [(f"A map of {name}", ("Reads",)) for name in ("Oslo", "Lima", "Graz")]
