"""Dividing by shape: sections of an unknown newsletter divide as their blocks suggest, and no word is lost."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.dividing import divide, shaped
from indexer.dividing.locators import ids, locators
from indexer.formats.markdown import read_markdown
from indexer.model import Block, Division, Document, Newsletter, Piece
from tests.dividing.drawn import blocks, count, words_of

NEWSLETTER = Newsletter("n", "N Weekly", boilerplate=("^Written by hand",), shapes={"tips": "item"})


def divided(markdown: str) -> Division:
    return divide(read_markdown(markdown, "a.md"), NEWSLETTER, "a.md")


def titles(markdown: str) -> list[str]:
    return [piece.title for piece in divided(markdown).pieces]


def only(markdown: str) -> Piece:
    (piece,) = divided(markdown).pieces
    return piece


@settings(deadline=None, max_examples=200)
@given(st.lists(st.builds(lambda block, ruled: replace(block, ruled=ruled), blocks(), st.booleans()), max_size=15))
def test_no_word_of_an_issue_is_lost_or_duplicated(found: list[Block]) -> None:
    division = divide(Document(tuple(found)), NEWSLETTER, "a.md")
    assert words_of(division) == count(found)
    made = ids("n", 1, locators(division.pieces))
    assert len(set(made)) == len(division.pieces)
    assert all(piece.parent is None or piece.parent < n for n, piece in enumerate(division.pieces))


def test_a_linked_heading_above_a_list_of_links_is_a_section() -> None:
    text = "### [Proposals](https://example.org/p)\n\n* [One](https://example.org/1)\n* [Two](https://example.org/2)\n"
    assert [(piece.title, piece.section) for piece in divided(text).pieces] == [
        ("One", ("Proposals",)),
        ("Two", ("Proposals",)),
    ]


def test_a_heading_above_prose_is_an_item_with_everything_below_it() -> None:
    text = "## Input\n\nMice work. The [driver](https://example.org/d) polls.\n\nHubs do not.\n\n- yet\n"
    piece = only(text)
    assert (piece.title, piece.url) == ("Input", "https://example.org/d")
    assert [block.text for block in piece.blocks] == ["Mice work. The driver polls.", "Hubs do not.", "yet"]


def test_the_blocks_of_a_section_are_compared_once(monkeypatch: pytest.MonkeyPatch) -> None:
    calls = []
    for name in ("bold_titles", "makeup"):
        compare = getattr(shaped, name)
        monkeypatch.setattr(shaped, name, lambda blocks, compare=compare: calls.append(blocks) or compare(blocks))
    text = "".join(f"**Title {n}** is about [this](https://example.org/{n}).\n\n" for n in range(100))
    assert len(divided(f"## News\n\n{text}").pieces) == 100
    assert len(calls) == 2 * len(("the issue", "the section"))


def test_text_after_a_bullet_belongs_to_it() -> None:
    piece = only("## News\n\n* [A bug](https://example.org/a)\n\nAnn found it:\n\n> It leaks.\n\nBen fixed it.\n")
    assert [block.text for block in piece.blocks] == ["A bug", "Ann found it:", "It leaks.", "Ben fixed it."]


def test_an_interview_is_one_item() -> None:
    assert titles("## Spotlight: Ann\n\n* Who are you?\n\nI write.\n\n* What else?\n\nNothing.\n") == ["Spotlight: Ann"]


def test_paragraphs_with_links_and_the_quotations_below_them_are_items() -> None:
    text = "[A-1](https://e.org/1): *Text* is [open](https://e.org/o).\n\n> Why.\n\n[A-2](https://e.org/2) is closed.\n"
    pieces = divided(f"## Proposals\n\n{text}").pieces
    assert [(piece.title, len(piece.blocks)) for piece in pieces] == [("A-1: Text is open", 2), ("A-2 is closed", 1)]


def test_a_bold_lead_is_a_title() -> None:
    assert titles("- **Draft of relay:** a [draft](https://e.org/d) is up.\n") == ["Draft of relay"]


def test_a_bold_line_begins_an_item_that_a_rule_ends() -> None:
    text = "**[Router](https://e.org/r)**\n\nIt tells:\n\n- speed\n\n---\n\n- [Tip](https://e.org/t): refresh\n"
    assert titles(f"## React\n\n{text}") == ["Router", "Tip"]


def test_a_table_row_with_a_link_is_an_item_but_not_the_header_row() -> None:
    text = "| Name | What |\n|---|---|\n| [lib](https://e.org/l) | faster |\n| [cli](https://e.org/c) | new |\n"
    assert titles(f"## Releases\n\n{text}") == ["lib", "cli"]


def test_a_bullet_that_labels_a_list_is_a_section() -> None:
    coding = "- Coding:\n  - [A tool](https://e.org/t)\n  - Debugging:\n    - [A debugger](https://e.org/d)\n"
    text = f"{coding}- Other:\n  - [A post](https://e.org/p)\n"
    assert [(piece.title, piece.section) for piece in divided(text).pieces] == [
        ("A tool", ("Coding",)),
        ("A debugger", ("Coding", "Debugging")),
        ("A post", ("Other",)),
    ]


def test_code_belongs_to_the_item_before_it() -> None:
    piece = only("## Tip\n\nAllocate it:\n\n```\nauto x = make();\n```\n\nThen free it.\n")
    assert [block.kind for block in piece.blocks] == ["paragraph", "code", "paragraph"]


def test_greetings_and_sign_offs_are_boilerplate() -> None:
    division = divided("Hello and welcome to another issue!\n\n- [A](https://e.org/a)\n\nWritten by hand.\n")
    assert [block.text for block in division.boilerplate][:1] == ["Hello and welcome to another issue!"]
    assert [piece.title for piece in division.pieces] == ["A"]


@pytest.mark.parametrize(("line", "title", "author"), [
    ("* [Async](https://e.org/a), by [@ann](https://twitter.com/ann)", "Async", "@ann"),
    ("* [The race](https://e.org/r), also by Ann Bee", "The race", "Ann Bee"),
    ("* [Flow explained](https://e.org/f) by Cee Dee on ZZ Blog", "Flow explained", "Cee Dee"),
    ("* [*Containers*](https://e.org/c), from Eff Gee.\n  A talk.", "Containers", "Eff Gee"),
    ("* Jay Kay: [Renaming files](https://e.org/n)", "Renaming files", "Jay Kay"),
    ("* Add a script. (Ann Bee, [link](https://e.org/s))", "Add a script", "Ann Bee"),
    ("* [Compost](https://e.org/c), by Ada Green. South of the river.", "Compost", "Ada Green"),
    ("* A [tool](https://e.org/t) by [@ann](https://github.com/ann) is out.", "A tool by @ann is out", "@ann"),
    ("* [Ann Bee](https://ann.example) wrote [a post](https://e.org/p).", "Ann Bee wrote a post", "Ann Bee"),
    ("* [Ann Bee](https://github.com/annbee) merged [a fix](https://e.org/f).", "Ann Bee merged a fix", "Ann Bee"),
])  # fmt: skip
def test_an_author_is_found_and_removed_from_the_title(line: str, title: str, author: str) -> None:
    piece = only(f"## Articles\n\n{line}\n")
    assert (piece.title, piece.author) == (title, author)


def test_the_link_of_an_item_is_not_a_profile_if_another_link_follows() -> None:
    piece = only("[Ann Bee](https://twitter.com/annbee) merged [a fix](https://example.org/fix).\n")
    assert piece.url == "https://example.org/fix"


def test_a_title_with_an_undefined_link_has_no_url() -> None:
    piece = only("- [Core #1][] changes seeds, see [news][n].\n\n[n]: https://example.org/n\n")
    assert (piece.title, piece.url) == ("Core #1 changes seeds, see news", None)


BOLD = "**[Router](https://e.org/r)**\n\nIt is [faster](https://e.org/f) now.\n\n"


def test_links_after_a_bold_item_are_separate_items() -> None:
    text = f"## Web\n\n{BOLD}- 📜 [One](https://e.org/1): a text\n- [Two](https://e.org/2)\n"
    assert [(piece.title, piece.section) for piece in divided(text).pieces] == [
        ("Router", ("Web",)),
        ("One", ("Web",)),
        ("Two", ("Web",)),
    ]


def test_links_announced_by_a_bold_item_belong_to_it() -> None:
    text = f"## Web\n\n{BOLD}Read more in:\n\n- [One](https://e.org/1)\n- [Two](https://e.org/2)\n"
    assert titles(text) == ["Router"]


def test_headings_and_lists_in_a_quotation_belong_to_its_item() -> None:
    quoted = (
        "> #### Smaller\n>\n> It is smaller.\n>\n> * [Better pages](https://e.org/p)\n> * [Faster](https://e.org/f)\n"
    )
    pieces = divided(f"## Tools\n\n### Board\n\nAnn says\n\n{quoted}\n### Client\n\nNothing new.\n").pieces
    assert [(piece.title, piece.section) for piece in pieces] == [("Board", ("Tools",)), ("Client", ("Tools",))]
    assert [block.kind for block in pieces[0].blocks] == ["paragraph", "quote", "quote", "quote", "quote"]


def test_a_heading_that_links_to_itself_is_not_therefore_an_item() -> None:
    text = "## [Guides](#guides) {#guides}\n\n- [How to](https://e.org/h)\n- [What to](https://e.org/w)\n"
    assert [(piece.title, piece.section) for piece in divided(text).pieces] == [
        ("How to", ("Guides",)),
        ("What to", ("Guides",)),
    ]


def test_bare_links_below_prose_belong_to_its_item() -> None:
    piece = only("### fold.nvim\n\nA plugin that folds.\n\n- [Forum](https://f.org/1)\n- [Code](https://e.org/fold)\n")
    assert (piece.title, piece.url, len(piece.blocks)) == ("fold.nvim", "https://f.org/1", 3)


def test_text_below_the_last_rule_is_boilerplate_with_a_sign_off() -> None:
    end = "---\n\nThat's all news for today, thanks for reading!\n\n[Discuss](https://f.org/1) this post.\n"
    division = divided(f"## News\n\n### [A](https://e.org/a)\n\nWhat is new.\n\n{end}")
    assert [piece.title for piece in division.pieces] == ["A"]
    assert len(division.boilerplate) == 2


def test_the_introduction_of_a_section_with_subsections_is_commentary() -> None:
    text = "## Comments\n\nWe decide soon.\n\n### Proposals\n\n- [A](https://e.org/a)\n- [B](https://e.org/b)\n"
    assert [piece.role for piece in divided(text).pieces] == ["commentary", "bullet", "bullet"]


@pytest.mark.parametrize("sign", ["* ", "### "])
def test_an_interview_of_questions_without_links_is_one_item(sign: str) -> None:
    asked = ("Who are you?", "What would you remove?", "What is next?")
    text = "\n".join(f"{sign}{each}\n\n  An answer with [a link](https://e.org/{n}).\n" for n, each in enumerate(asked))
    assert titles(f"## Spotlight: Ann Bee\n\n{text}") == ["Spotlight: Ann Bee"]


def test_a_title_ends_before_a_bare_url() -> None:
    piece = only("- Meetup in Berlin (hybrid) https://berlin.example/ Wed Apr 30, 19:00\n")
    assert (piece.title, piece.url) == ("Meetup in Berlin (hybrid)", "https://berlin.example/")


def test_the_person_who_reports_an_item_is_its_author() -> None:
    piece = only("### Nheko\n\n[Nico](https://matrix.to/#/@nico:e.org) announces\n\n> It is [out](https://e.org/n).\n")
    assert (piece.title, piece.author, piece.url) == ("Nheko", "Nico", "https://e.org/n")


def test_the_page_of_the_person_is_not_the_link_of_an_item() -> None:
    piece = only("- [Ann Bee](https://ann.example) wrote [a post](https://e.org/p).\n")
    assert piece.url == "https://e.org/p"


def test_a_link_alone_over_text_is_a_title() -> None:
    link = "[{0} is out](https://e.org/{0})\n\nIt is [faster](https://e.org/x) than before.\n\nAnd smaller.\n\n"
    assert titles("Dear all,\n\n" + link.format("Alpha") + link.format("Beta")) == ["Alpha is out", "Beta is out"]
    assert titles("## Reads\n\n" + link.format("Alpha") + link.format("Beta")) == ["Alpha is out", "Beta is out"]


def test_a_list_inside_a_text_belongs_to_its_item() -> None:
    inner = "The proposal comes with four versions that were posted over the last months:\n\n- [v1](https://e.org/1)\n"
    text = f"- [Rebase on pu](https://e.org/r)\n\n{inner}\nIt was reviewed at length.\n\n- [Other thing](https://e.org/o)\n"
    assert titles(f"## Reviews\n\n{text}") == ["Rebase on pu", "Other thing"]


def test_a_long_sentence_names_no_section() -> None:
    said = "And then there was a significant, albeit humbly versioned new library, which changed many others:"
    found = divided(f"## Releases\n\n{said}\n\n- [lib 1.0](https://e.org/1)\n- [cli 2.0](https://e.org/2)\n")
    assert [piece.section for piece in found.pieces] == [("Releases",), ("Releases",)]


def test_the_title_of_a_row_is_the_first_cell_with_words() -> None:
    row = "| ✅ | [lib](https://e.org/l) | 1.0 |\n"
    assert titles(f"## Releases\n\n| | Name | Version |\n|---|---|---|\n{row}{row}") == ["lib", "lib"]


@pytest.mark.parametrize(
    "end", [" (via [Hacker News](https://news.example/1))", " →", " by [Ann Bee](https://ann.example)."]
)
def test_a_title_ends_before_its_source(end: str) -> None:
    assert titles(f"- **[Parsing logs](https://e.org/p)**{end}\n- [Other thing](https://e.org/o){end}\n") == [
        "Parsing logs",
        "Other thing",
    ]


def test_the_site_of_the_author_is_not_the_link_of_an_item() -> None:
    [piece] = divided("1. **Parsing logs** by [Ann Bee](https://ann.example). [Read it](https://e.org/p).\n").pieces
    assert (piece.title, piece.author, piece.url) == ("Parsing logs", "Ann Bee", "https://e.org/p")


def test_a_section_with_only_a_call_to_readers_is_boilerplate() -> None:
    text = "## Meme of the month\n\nEach month, we pick the best one. Got a funny meme? Send it to us!\n"
    assert titles(f"## Links\n\n- [A thing](https://e.org/a)\n\n{text}") == ["A thing"]


NUMBERED = """## 资讯

1、[自制面罩](https://example.org/1)（中文）

这个团体为了解决问题，提出一个办法。这里是[细节](https://example.org/x)。

2、**一句话消息**

周末都是塞车的。

3、

咖啡的兴起与《谁在招人？》有千丝万缕的联系。

-- [黑暗历史](https://example.org/3)
"""


def test_paragraphs_that_are_numbered_from_one_are_items_without_their_number() -> None:
    assert [(piece.title, piece.url) for piece in divided(NUMBERED).pieces] == [
        ("自制面罩", "https://example.org/1"),
        ("一句话消息", None),
        ("咖啡的兴起与《谁在招人？》有千丝万缕的联系", "https://example.org/3"),
    ]


def test_a_number_that_is_part_of_the_text_stays_in_the_title() -> None:
    assert titles("## Termine\n\n- 3\\. Oktober: Treffen\n\n- 5\\. Mai: Fest\n") == [
        "3. Oktober: Treffen",
        "5. Mai: Fest",
    ]


def test_a_bold_line_over_bold_links_is_their_section() -> None:
    items = "**[Rivers!](https://e.org/r)**\n\nThey flow.\n\n**[Stones](https://e.org/s)**\n\nThey lie.\n"
    text = f"**News**\n\n{items}\n**Talks**\n\n**[Clouds](https://e.org/c)**\n\nThey float.\n"
    assert [(piece.title, piece.section) for piece in divided(text).pieces] == [
        ("Rivers!", ("News",)),
        ("Stones", ("News",)),
        ("Clouds", ("Talks",)),
    ]
