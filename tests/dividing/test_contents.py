"""Tables of contents, articles with headings of their own, rules after articles, and numbers of titles."""

from __future__ import annotations

import pytest

from indexer.dividing import divide
from indexer.formats.registry import read_source
from indexer.model import Division, Newsletter

NEWSLETTER = Newsletter("n", "N Weekly", introductions="boilerplate")

ARTICLES = """<h1>N Weekly Edition for May 5</h1><p>This edition contains the following content:</p>
<ul><li><a href="https://e.org/1/">A map of all caves</a>: how it was made.</li>
<li><a href="https://e.org/2/">Lights on again</a>: the cave has light.</li>
<li><a href="https://e.org/3/">Brief items</a>: news from all over.</li></ul>
<h2>A map of all caves</h2><p>By <b>Ann Bee</b><br>May 3</p><p>The map has 4,000 caves, says <a href="https://z.org/">a
team</a>.</p><h3>How it began</h3><p>It began with a walk.</p>
<h2>Lights on again</h2><p>By <b>Cee Dee</b><br>May 4</p><p>The north cave has light.</p><h3>Cables</h3><p>New.</p>
<h2>Brief items</h2><ul><li><a href="https://z.org/d">A hole in the fence</a></li></ul>"""


def divided(text: str, name: str = "a.md") -> Division:
    (document,) = read_source(text.encode(), name)
    return divide(document, NEWSLETTER, name)


def entries(text: str, name: str = "a.md") -> list[tuple[str, str | None, tuple[str, ...]]]:
    return [(piece.title, piece.url, piece.section) for piece in divided(text, name).pieces]


def test_an_article_in_the_table_of_contents_is_one_entry_at_the_address_given_there() -> None:
    division = divided(ARTICLES, "a.html")
    assert [(piece.title, piece.url, piece.author, piece.section) for piece in division.pieces] == [
        ("A map of all caves", "https://e.org/1/", "Ann Bee", ()),
        ("Lights on again", "https://e.org/2/", "Cee Dee", ()),
        ("A hole in the fence", "https://z.org/d", None, ("Brief items",)),
    ]
    assert [block.text for block in division.pieces[0].blocks][2:] == ["How it began", "It began with a walk."]
    assert "A map of all caves: how it was made." in [block.text for block in division.boilerplate]


def test_a_list_of_links_is_no_table_of_contents_though_one_of_them_repeats_a_heading() -> None:
    text = "- [A map](https://e.org/1): drawn by hand\n- [A hat](https://e.org/2)\n- [A song](https://e.org/3)\n\n"
    heading = "## [A map](https://e.org/1)\n\nThe map has 4,000 caves.\n\n"
    assert [title for title, _, _ in entries(text + heading)] == ["A map", "A hat", "A song", "A map"]
    assert [title for title, _, _ in entries(heading + "## Old\n\n" + text)] == ["A map", "A map", "A hat", "A song"]


LIST = "- [A hat](https://e.org/2)\n- [A song](https://e.org/3)\n"


@pytest.mark.parametrize(
    ("between", "section"),
    [("", ()), ("**Quick hits**\n\n", ("Quick hits",)), ("Also this week:\n\n", ("Also this week",))],
    ids=["list", "bold line", "announced"],
)
@pytest.mark.parametrize(
    "article",
    [
        "## [Lights on again](https://e.org/1)\n\nThe cave has light.",
        "## Lights on again\n\nSo [says](https://e.org/1) Ann.",
    ],
    ids=["link", "text"],
)
def test_a_list_behind_a_rule_does_not_belong_to_the_article_above_it(
    article: str, between: str, section: tuple[str, ...]
) -> None:
    assert entries(f"# N Weekly 7\n\n{article}\n\n---\n\n{between}{LIST}") == [
        ("Lights on again", "https://e.org/1", ()),
        ("A hat", "https://e.org/2", section),
        ("A song", "https://e.org/3", section),
    ]


def test_code_and_longer_texts_of_a_section_are_no_introduction() -> None:
    items = (
        "### Tokens\n\nA token is a [word](https://e.org/1).\n\n### Trees\n\nA tree has [leaves](https://e.org/2).\n"
    )
    short = "The parser reads tokens."
    assert [entry[0] for entry in entries(f"## Parsing\n\n{short}\n\n{items}")] == ["Tokens", "Trees"]
    for text in (f"{short}\n\n```\nparse()\n```", f"{short} " + "It reads them one by one. " * 7):
        (piece, *_) = divided(f"## Parsing\n\n{text}\n\n{items}").pieces
        assert (piece.title, piece.role, piece.section) == ("The parser reads tokens", "commentary", ("Parsing",))


def test_a_rule_below_a_list_ends_no_section() -> None:
    text = f"## [Links](https://e.org/)\n\n{LIST}\n---\n\n{LIST.replace('/2', '/4').replace('/3', '/5')}"
    assert {section for _, _, section in entries(text)} == {("Links",)}


@pytest.mark.parametrize(
    ("text", "title"),
    [
        (
            "**1. A map**\n\nIt has [caves](https://e.org/1).\n\n**2. A hat**\n\nIt has a [lamp](https://e.org/2).",
            "A map",
        ),
        ("## 1. [A map](https://e.org/1)\n\nIt has caves.", "A map"),
        ("## 1) A map\n\nIt has [caves](https://e.org/1).", "A map"),
        (
            "## Maps\n\n**1. A map.** It has [caves](https://e.org/1).\n\n**2. A hat.** It has [one](https://e.org/2).",
            "A map",
        ),
        ("## 3. Oktober: Treffen\n\nWir sehen uns [dort](https://e.org/1).", "3. Oktober: Treffen"),
        ("## 2024 in review\n\nThe [year](https://e.org/1) had 12 months.", "2024 in review"),
    ],
)
def test_the_number_of_an_item_is_no_part_of_its_title(text: str, title: str) -> None:
    assert entries(text)[0][0] == title
