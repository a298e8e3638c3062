"""Habits of real newsletters: changes of a repository, credits, thanks, bylines on their own line, quoted reports."""

from __future__ import annotations

import pytest

from indexer.dividing import divide
from indexer.formats.registry import read_source
from indexer.model import Newsletter, Piece

NEWSLETTER = Newsletter("n", "N Weekly")


def pieces(text: str, name: str = "a.md") -> list[Piece]:
    (document,) = read_source(text.encode(), name)
    return list(divide(document, NEWSLETTER, name).pieces)


def titles(text: str, name: str = "a.md") -> list[str]:
    return [piece.title for piece in pieces(text, name)]


@pytest.mark.parametrize(
    ("line", "title", "part"),
    [
        (
            "[zz](https://github.com/a/zz) [#13](https://github.com/a/zz/pull/13) Be quick",
            "zz #13 Be quick",
            "/pull/13",
        ),
        (
            "[[zz](https://github.com/a/zz)] [#13](https://github.com/a/zz/pull/13) Be quick",
            "#13 Be quick",
            "/pull/13",
        ),
        ("[a/zz](https://github.com/a/zz) [Drop the map](https://github.com/a/zz/pull/14)", "Drop the map", "/pull/14"),
        (
            "[zz](https://github.com/a/zz): Be quick ([#13](https://github.com/a/zz/pull/13)) by @ann",
            "zz: Be quick",
            "/pull/13",
        ),
        (
            "[zz](https://github.com/a/zz) [1.2](https://github.com/a/zz/releases/tag/1.2) is out",
            "zz 1.2 is out",
            "/releases/tag/1.2",
        ),
        (
            "[zz](https://github.com/a/zz) [1.2](https://github.com/a/zz/blob/main/NEWS.md) - a map",
            "zz 1.2 - a map",
            "",
        ),
        ("[zed](https://github.com/a/zz): a map of [caves](https://github.com/a/zz/issues)", "zed", ""),
    ],
)
def test_an_item_is_about_the_change_and_not_the_repository(line: str, title: str, part: str) -> None:
    (piece,) = pieces(f"## Merged\n\n- {line}\n")
    assert (piece.title, piece.url) == (title, f"https://github.com/a/zz{part}")


THANKS = "Thanks to our contributors this month: {}."
PEOPLE = ", ".join(f"[@{name}](https://github.com/{name})" for name in ("ann", "ben", "cyd", "dan"))


@pytest.mark.parametrize(
    "thanks",
    [
        f"## Contributors\n\n{THANKS.format(PEOPLE)}\n",
        f"{THANKS.format(PEOPLE)}\n",
        (
            "## New contributors\n\n* [@ann](https://github.com/ann) made their first contribution in "
            "[#17](https://github.com/a/zz/pull/17)\n* [@ben](https://github.com/ben) made their first contribution in "
            "[#18](https://github.com/a/zz/pull/18)\n"
        ),
        "## Contributors\n\n"
        + "\n".join(
            f'<a href="https://github.com/{name}"><img src="https://e.org/{name}.png" alt="{name}"></a>'
            for name in ("ann", "ben", "cyd")
        ),
    ],
    ids=["section", "paragraph", "new", "avatars"],
)
def test_a_list_of_people_to_thank_is_no_entry(thanks: str) -> None:
    assert titles(f"## News\n\n- [A post](https://e.org/a)\n\n{thanks}") == ["A post"]


def test_a_row_that_begins_with_a_day_is_named_by_its_link() -> None:
    rows = [("May 7", "Cave night"), ("Thu, 9 May 2024", "Lamp day"), ("2024-05-11", "Rope fair"), ("4", "Bat walk")]
    lines = (f"| {day} | [{name}](https://e.org/{n}) | Bern |\n" for n, (day, name) in enumerate(rows))
    table = "| Date | Event | Place |\n|---|---|---|\n" + "".join(lines)
    assert titles(f"## Events\n\n{table}") == [name for _, name in rows]
    assert titles("## Tools\n\n| Tool | Page |\n|---|---|\n| depthmeter | [page](https://e.org/1) |\n") == [
        "depthmeter"
    ]


def test_a_paragraph_of_symbols_does_not_join_the_paragraphs_of_a_section() -> None:
    text = "ZZ seeks a [guide](https://e.org/1).\n\nLamp Inc. seeks an [engineer](https://e.org/2) for lamps.\n\n💡\n"
    assert titles(f"## Jobs\n\n{text}") == ["ZZ seeks a guide", "Lamp Inc. seeks an engineer for lamps"]


def test_a_sign_at_the_end_of_a_title_stays_whole() -> None:
    assert titles("## Depthmeter 2 ships :tada:\n\nSee [the text](https://e.org/1).\n") == ["Depthmeter 2 ships :tada:"]


@pytest.mark.parametrize("name", ["Thanks", "Thank you!", "Special thanks"])
def test_a_section_of_thanks_is_no_entry(name: str) -> None:
    assert titles(f"## News\n\n- [A post](https://e.org/a)\n\n## {name}\n\nTo @ann and @ben for their reviews!\n") == [
        "A post"
    ]


def test_a_signature_is_no_part_of_the_last_item() -> None:
    (piece,) = pieces("## A map\n\nIt has [caves](https://e.org/1).\n\n\\-- Ann Bee, ZZ Caves\n")
    assert [block.text for block in piece.blocks] == ["It has caves."]
    (piece,) = pieces("## A map\n\nIt has [caves](https://e.org/1).\n\n> Bring two lamps.\n\n\\-- Ann Bee\n")
    assert piece.blocks[-1].text == "-- Ann Bee"


def test_a_list_of_people_without_thanks_is_news() -> None:
    (piece,) = pieces(f"## News\n\n- [A post](https://e.org/a)\n\nNew maintainers: {PEOPLE}.\n")
    assert piece.blocks[1].text == "New maintainers: @ann, @ben, @cyd, @dan."
    assert titles(f"## New maintainers\n\n{PEOPLE}\n") == ["New maintainers"]


@pytest.mark.parametrize(
    "text",
    [
        "This issue affects all versions before 3.2 and is fixed in 3.2.1.",
        "Want to speed up your builds? This post shows how.",
        "Copyright headers are now checked by the build.",
        "Have a talk idea? It goes to the call for papers, where you submit it.",
        "You have received a pull request: what to do because of it.",
        "The report on the outage was written by Ann Bee.",
        "Thanks to our sponsors, the foundation hires two developers.",
        "View transitions on the web are now stable.",
        "Until next month, the registration for the meeting is open.",
        "One-click unsubscribe is now part of the list software.",
        "The library is maintained by Ann Bee.",
        "Trouble viewing maps is over: the fix is in beta.",
        "[Hello world in twelve languages](https://e.org/hello)",
    ],
)
def test_news_that_resembles_a_formula_is_news(text: str) -> None:
    blocks = [
        block for piece in pieces(f"{text}\n\n## News\n\n- [A post](https://e.org/a)\n") for block in piece.blocks
    ]
    assert blocks[0].text == (text if text[0] != "[" else "Hello world in twelve languages")


@pytest.mark.parametrize(
    "text",
    [
        "This issue is the third of the year.",
        "This issue was curated by Ann Bee.",
        "Edited by Ann Bee with help from Cee Dee.",
        "Want to see your project here?",
        "Copyright (C) 2024 Ann Bee. All rights reserved.",
        "Have something to share? Submit it to us!",
        "You are receiving this e-mail because you subscribed.",
        "Thanks to everyone who helped.",
        "View this email in your browser",
        "See you next week!",
        "Unsubscribe from this list",
        "N Weekly is written by Ann Bee.",
    ],
)
def test_a_formula_is_no_entry(text: str) -> None:
    assert titles(f"{text}\n\n## News\n\n- [A post](https://e.org/a)\n") == ["A post"]


def test_a_report_about_a_contributor_is_an_entry() -> None:
    text = "## New contributors\n\n### Ann Bee\n\nAnn wrote the [map](https://e.org/m) of caves in one long night.\n"
    assert titles(f"## News\n\n- [A post](https://e.org/a)\n\n{text}") == ["A post", "Ann Bee"]


def test_paragraphs_that_end_with_their_credits_are_items() -> None:
    text = """## Bugs

### Shell 6.2

The map no longer flickers. (Ann Bee, [link](https://e.org/1))

The list is sorted. (Cee Dee and Eff Gee, [link 1](https://e.org/2) and [link 2](https://e.org/3))

### Shell 6.3

The cave is closed. (Ann Bee, [link](https://e.org/4))
"""
    assert [(piece.title, piece.author, piece.section[-1]) for piece in pieces(text)] == [
        ("The map no longer flickers", "Ann Bee", "Shell 6.2"),
        ("The list is sorted", "Cee Dee and Eff Gee", "Shell 6.2"),
        ("The cave is closed", "Ann Bee", "Shell 6.3"),
    ]


def test_a_title_ends_before_a_link_that_is_only_a_sign_or_site() -> None:
    text = (
        "## Apps\n\n### GZ [↗](https://e.org/gz)\n\nIt maps.\n\n### Zyn ([website](https://e.org/zyn))\n\nIt sings.\n"
    )
    assert [(piece.title, piece.url) for piece in pieces(text)] == [
        ("GZ", "https://e.org/gz"),
        ("Zyn", "https://e.org/zyn"),
    ]


def test_a_reported_quotation_is_named_by_its_first_sentence() -> None:
    text = "[Ann](https://matrix.to/#/@ann:e.org) announces\n\n> The box is [out](https://e.org/box). It is red.\n\n"
    (one, other) = pieces(f"## Projects\n\n{text}{text.replace('box', 'map').replace('Ann', 'Ben')}")
    assert (one.title, one.url, one.author) == ("The box is out", "https://e.org/box", "Ann")
    assert (other.title, other.author) == ("The map is out", "Ben")


def test_lines_with_names_belong_to_the_titled_paragraphs_above_them() -> None:
    text = """<h1>N Weekly</h1>
    <p><a href="https://e.org/1">The long river</a> — It is here, and it is wide.</p><p>Ann Bee</p>
    <p><a href="https://e.org/2">How a stone rolls</a> — With two pushes.</p><p>Cee Dee (ZZ Labs)</p>
    <p><a href="https://e.org/3">A small cloud</a> Eff Gee</p>
    <p><a href="https://e.org/4">The last word</a> — It is said.</p><p>Ann Bee</p>
    <ul><li>The team <a href="https://e.org/5">released version 7</a>.</li></ul>"""
    assert [(piece.title, piece.author) for piece in pieces(text, "a.html")] == [
        ("The long river", "Ann Bee"),
        ("How a stone rolls", "Cee Dee"),
        ("A small cloud", "Eff Gee"),
        ("The last word", "Ann Bee"),
        ("The team released version 7", None),
    ]


def test_a_list_of_links_after_the_last_rule_is_no_sign_off() -> None:
    links = "- [River](https://e.org/1)\n- [Stone](https://e.org/2)\n"
    text = f"## News\n\n- [A post](https://e.org/a)\n\n---\n\nLinks I liked:\n\n{links}\nUntil next week,\nAnn\n"
    assert titles(text) == ["A post", "River", "Stone"]


def test_a_bullet_with_the_words_of_a_heading_is_no_entry() -> None:
    text = "In this letter:\n\n- The river rises\n- A stone rolls\n\n"
    text += "## 🚀 [The river rises](https://e.org/1)\n\nIt rose.\n\n"
    found = titles(f"{text}## 🧠 [A stone rolls](https://e.org/2)\n\nIt rolled.\n")
    assert found == ["🚀 The river rises", "🧠 A stone rolls"]


def test_a_bold_line_over_a_heading_is_no_entry() -> None:
    text = "**THE LONG RIVER AT NIGHT**\n\n## [The river rises](https://e.org/1)\n\nIt rose.\n"
    assert titles(text) == ["The river rises"]


def test_the_author_ends_before_the_day() -> None:
    (piece,) = pieces("## [The river](https://e.org/1)\n\nBy **Ann Bee**<br>\nJanuary 2, 2024\n\nIt rose.\n")
    assert piece.author == "Ann Bee"


def test_a_text_with_links_to_more_below_it_is_an_item() -> None:
    more = "[Full story](https://e.org/2) ([comments: 2](https://e.org/3))"
    (piece,) = pieces(f"### A hole in the cave\n\nThere is one; see [the map](https://e.org/1).\n\n{more}\n")
    assert (piece.title, piece.url) == ("A hole in the cave", "https://e.org/1")


@pytest.mark.parametrize(
    ("line", "author"),
    [
        ("By Ann Bee January 3", "Ann Bee"),
        ("By Ann Bee, January 3", "Ann Bee"),
        ("By Brian May", "Brian May"),
        ("By Brian May, January 3", "Brian May"),
        ("By April June", "April June"),
        ("By Theresa May 2024", "Theresa May"),
    ],
)
def test_a_month_is_no_name_before_a_day(line: str, author: str) -> None:
    (piece,) = pieces(f"## [The river](https://e.org/1)\n\n{line}\n\nIt rose.\n")
    assert piece.author == author


def test_bold_labels_inside_a_text_begin_no_item() -> None:
    item = (
        "**{0} rises:**<br>\nIt rose in the night.\n\n**What they did:** They {0} it.\n\n**Why this matters:** {0}.\n\n"
    )
    assert titles("## News\n\n" + item.format("River") + item.format("Stone")) == ["River rises", "Stone rises"]
