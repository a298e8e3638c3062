"""Titles and authors of items in layouts that separate them by lines, signs or columns."""

from __future__ import annotations

import pytest

from indexer.dividing import divide
from indexer.formats.markdown import read_markdown
from indexer.formats.text import read_text
from indexer.model import Document, Newsletter, Piece

NEWSLETTER = Newsletter("n", "N Weekly")


def pieces(document: Document) -> list[Piece]:
    return list(divide(document, NEWSLETTER, "a.md").pieces)


def in_markdown(text: str) -> list[Piece]:
    return pieces(read_markdown(text, "a.md"))


@pytest.mark.parametrize(("line", "author"), [
    ('1. "[Parsing logs](https://e.org/p)" by Ann Bee\n   The author shows how.', "Ann Bee"),
    ("1. [Parsing logs](https://e.org/p)\n   The author shows how.", None),
    ("* [Parsing logs](https://e.org/p) The author shows how this is done.", None),
    ("* [Parsing logs](https://e.org/p) ⭐ 12 - A tool.", None),
    ("* [Parsing logs](https://e.org/p) // e.org", None),
    ("* [Parsing logs](https://e.org/p) von Ann Bee: Wie das geht.", "Ann Bee"),
    ("**Parsing logs**\nThe author shows how.\n<https://e.org/p>\n\n**Other thing**\nMore.\n", None),
])  # fmt: skip
def test_a_title_ends_where_a_line_a_sign_or_a_sentence_begins(line: str, author: str | None) -> None:
    found = in_markdown(f"## Reads\n\n{line}\n")[0]
    assert (found.title, found.author, found.url) == ("Parsing logs", author, "https://e.org/p")


def test_a_link_in_a_wrapped_sentence_is_no_title() -> None:
    [found] = in_markdown("## Reads\n\n- [Ann](https://e.org/a)\n  is the new maintainer.\n")
    assert found.title == "Ann is the new maintainer"


def test_a_first_line_of_plain_text_that_is_not_full_is_a_title() -> None:
    text = "NEWS\n----\n\n* Parsing logs\n  The author shows how this can be done in a few lines.\n  https://e.org/p\n"
    [found] = pieces(read_text(f"{text}\nMORE\n----\n", "a.txt", "N 1"))
    assert (found.title, found.url) == ("Parsing logs", "https://e.org/p")


def test_headings_in_plain_text_may_be_underlined_with_box_characters() -> None:
    text = (
        "Parsing logs\n════════════\n\n  Archive: <https://e.org/p>\n\n"
        "Ann Bee announced\n─────────────────\n\n  It is out.\n"
    )
    [found] = pieces(read_text(text, "a.txt", "N 1"))
    assert (found.title, found.author, found.url) == ("Parsing logs", "Ann Bee", "https://e.org/p")


@pytest.mark.parametrize("line", ["Ann Bee • Jan 3, 2024 • e.org", "Ann Bee announced:", "By Ann Bee | 5 min"])
def test_a_line_below_a_heading_names_the_author(line: str) -> None:
    [found] = in_markdown(f"### [Parsing logs](https://e.org/p)\n\n{line}\n\nIt is out.\n")
    assert (found.title, found.author) == ("Parsing logs", "Ann Bee")


def test_a_column_names_the_authors_of_a_table() -> None:
    rows = "| [Logs](https://e.org/l) | Ann Bee |\n| [Maps](https://e.org/m) | Cee |\n"
    assert [found.author for found in in_markdown(f"| Paper | Author |\n|---|---|\n{rows}")] == ["Ann Bee", "Cee"]


def test_the_source_of_a_quotation_belongs_to_it() -> None:
    quote = "> It compiles.\n\n– [Ann Bee on the forum](https://e.org/f)\n\n[Vote](https://e.org/v) for the next one.\n"
    assert [found.title for found in in_markdown(quote)] == ["It compiles", "Vote for the next one"]


def test_a_bold_line_among_others_may_end_with_an_exclamation_mark() -> None:
    items = "**{}**\n\nText.\n\n[More](https://e.org/{})\n\n"
    found = in_markdown("## Top\n\n" + items.format("Cake!", 1) + items.format("Tea", 2))
    assert [each.title for each in found] == ["Cake!", "Tea"]


def test_a_line_that_begins_with_a_typed_bullet_is_an_item() -> None:
    found = in_markdown("**Reads**\n\n• [Logs](https://e.org/l) (Ann Bee)  \n• [Maps](https://e.org/m)  \n")
    assert [(each.title, each.author) for each in found] == [("Logs", "Ann Bee"), ("Maps", None)]


def test_a_nested_bullet_names_the_author() -> None:
    [found] = in_markdown("- **Parsing logs**\n  - Author: Ann Bee\n  - Link: https://e.org/p\n")
    assert (found.title, found.author, found.url) == ("Parsing logs", "Ann Bee", "https://e.org/p")


def test_a_list_of_the_headings_is_no_list_of_items() -> None:
    found = in_markdown(
        "- Logs\n- Maps\n\n## Logs\n\nThey [grow](https://e.org/l).\n\n## Maps\n\nThey [fold](https://e.org/m).\n"
    )
    assert [each.title for each in found] == ["Logs", "Maps"]


@pytest.mark.parametrize(("markdown", "title", "author"), [
    ("- **15. März:** [Tausch in Köln](https://e.org/k)\n", "Tausch in Köln", None),
    ("- [« Licences »](https://e.org/l), en français\n", "« Licences »", None),
    ("- Fixes a crash of the parser. ([#12](https://e.org/12), @ann)\n", "Fixes a crash of the parser", "@ann"),
    ("- zim https://zim.example/ A wiki on your desk.\n", "zim", None),
    ("- [Sondages](https://e.org/s) : plus rapides (par [Lea](https://m.example/@lea))\n", "Sondages", "Lea"),
])  # fmt: skip
def test_titles_and_authors_in_other_habits(markdown: str, title: str, author: str | None) -> None:
    (piece,) = divide(read_markdown(markdown, "a.md"), Newsletter("n", "N"), "a.md").pieces
    assert (piece.title, piece.author) == (title, author)


def test_the_name_of_an_author_ends_with_the_sentence() -> None:
    text = "## [Conditions](https://e.org/c)\n\nBy Ann Green. With examples in three dialects.\n"
    (piece,) = divide(read_markdown(text, "a.md"), Newsletter("n", "N"), "a.md").pieces
    assert piece.author == "Ann Green"
