"""Dividing by table: blocks become pieces, section names and boilerplate, and no word is lost."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.dividing import divide, sentences
from indexer.dividing.locators import ids, locators, slug
from indexer.formats import read
from indexer.formats.markdown import read_markdown
from indexer.ingest import Hints, parse
from indexer.model import Block, Division, Document, Newsletter, Piece, Span
from tests.dividing.drawn import WORD, blocks, count, words_of
from tests.issues import ARCHIVE, NUMBERS, issue_in, original_path

NEWSLETTER = Newsletter(
    "n",
    "N",
    dividing="by table",
    sections={"patches": "patch", "talks": "talk", "random cool note": "note"},
    groups=("netdev",),
    boilerplate=("^This is issue",),
)


def divided(markdown: str) -> Division:
    return divide(read_markdown(markdown, "a.md"), NEWSLETTER, "a.md")


def pieces_of(markdown: str) -> list[tuple[str, str, tuple[str, ...]]]:
    return [(piece.role, piece.title, piece.section) for piece in divided(markdown).pieces]


@settings(deadline=None, max_examples=150)
@given(st.lists(blocks(), max_size=15), st.booleans())
def test_no_word_of_an_issue_is_lost_or_duplicated(found: list[Block], plain: bool) -> None:
    division = divide(Document(tuple(found), plain=plain), NEWSLETTER, "a.md")
    assert words_of(division) == count(found)


@settings(deadline=None, max_examples=60)
@given(st.lists(blocks(), max_size=15))
def test_the_ids_of_an_issue_are_unique(found: list[Block]) -> None:
    division = divide(Document(tuple(found)), NEWSLETTER, "a.md")
    made = ids("n", 1, locators(division.pieces))
    assert len(set(made)) == len(made) == len(division.pieces)


@settings(deadline=None, max_examples=60)
@given(st.lists(blocks(), max_size=15))
def test_a_parent_is_an_earlier_patch(found: list[Block]) -> None:
    pieces = divide(Document(tuple(found)), NEWSLETTER, "a.md").pieces
    for n, piece in enumerate(pieces):
        assert piece.parent is None or (piece.parent < n and pieces[piece.parent].role == piece.role == "patch")


@given(st.lists(st.text(max_size=30).filter(str.strip), max_size=8))
def test_an_id_is_made_of_any_title(titles: list[str]) -> None:
    made = ids("n", 1, locators([Piece("bullet", title, ()) for title in titles]))
    assert len(set(made)) == len(titles)
    assert all(re.fullmatch(r"n/1/[^\s/?#%]+", each) for each in made)


def test_a_locator_is_the_shortest_unique_opening_of_a_title() -> None:
    titles = [
        "A new map type for sockets",
        "A new map type for devices",
        "Short one",
        "Another thing altogether, really",
    ]
    found = locators([Piece("bullet", title, ()) for title in titles])
    assert found == [titles[0], titles[1], "Short one", "Another thing altogether, really"]


def test_a_locator_of_a_headed_item_or_a_patch_is_its_whole_title() -> None:
    found = locators([Piece("item", "A title of very many words", ()), Piece("patch", "[PATCH 1/2] one two three", ())])
    assert found == ["A title of very many words", "[PATCH 1/2] one two three"]


def test_punctuation_makes_no_difference_to_a_locator() -> None:
    found = locators([Piece("bullet", "One two three, four five", ()), Piece("bullet", "One two three four, six", ())])
    assert found == ["One two three, four five", "One two three four, six"]


@pytest.mark.parametrize(
    ("locator", "made"),
    [
        ("New helper function `bpf_getsockops`", "new-helper-function-bpf-getsockops"),
        ("Introduction à eBPF", "introduction-a-ebpf"),
        ("Linux の BPF : プログラム", "linux-の-bpf-プログラム"),
        ("[PATCH net 1/2] qed*: fix", "patch-net-1-2-qed-fix"),
        ("!?", "entry"),
    ],
)
def test_a_slug_holds_letters_and_digits_of_any_script(locator: str, made: str) -> None:
    assert slug(locator) == made


def test_a_repeated_locator_gets_a_number_in_reading_order() -> None:
    assert ids("n", 3, ["Same", "Other", "same!", "Same"]) == ["n/3/same", "n/3/other", "n/3/same-2", "n/3/same-3"]


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("One thing. Another.", "One thing."),
        ("See e.g. Cilium 0.9. Then more.", "See e.g. Cilium 0.9."),
        ("Fixes file.c and so on. Yes.", "Fixes file.c and so on."),
        ("By Gustavo A. R. Silva it was. Yes.", "By Gustavo A. R. Silva it was."),
        ("Ready? Not yet.", "Ready?"),
        ("It works (or so. They say) today. Yes.", "It works (or so. They say) today."),
        ("So it goes... And on.", "So it goes..."),
        ("第一文です。第二文です。", "第一文です。"),
        ("He said “stop.” And left.", "He said “stop.”"),
        ("No end at all", "No end at all"),
    ],
)
def test_a_sentence_ends_as_a_reader_expects(text: str, first: str) -> None:
    assert text[: sentences.first_sentence(Block("paragraph", text))].strip() == first


@given(st.text(max_size=80))
def test_the_sentences_of_a_text_are_the_whole_text(text: str) -> None:
    found = sentences.ends(text)
    assert found == sorted(set(found)) or not text
    assert found[-1] == len(text) or not text[found[-1] :].strip()


def test_a_sentence_is_not_ended_inside_a_link() -> None:
    block = Block("bullet", "See Stop. Go now. Yes.", spans=(Span(4, 17, "link", "u"),))
    assert block.text[: sentences.first_sentence(block)] == "See Stop. Go now."


@pytest.mark.parametrize(
    ("sentence", "title"),
    [("One thing.", "One thing"), ("A list:", "A list"), ("So it goes...", "So it goes..."), ("Ready?", "Ready?")],
)
def test_a_title_has_no_final_full_stop(sentence: str, title: str) -> None:
    assert sentences.as_title(sentence) == title


def test_links_and_neighbours_distinguish_items_from_groups() -> None:
    found = pieces_of("## Talks\n\n### One room\n\n#### [Linked](https://a.example)\n\nx\n\n#### Without a link\n\ny\n")
    assert found == [
        ("item", "Linked", ("Talks", "One room")),
        ("item", "Without a link", ("Talks", "One room")),
    ]


def test_a_known_section_name_groups_even_if_it_is_a_link() -> None:
    found = pieces_of("## [Talks](https://a.example)\n\n### [A talk](https://b.example)\n\nx\n")
    assert found == [("item", "A talk", ("Talks",))]


def test_an_announcement_ends_with_its_list() -> None:
    found = pieces_of("The news\n\n- One.\n- Two.\n\nA word after it.\n\n- Three.\n")
    assert found == [
        ("bullet", "One", ("The news",)),
        ("bullet", "Two", ("The news",)),
        ("commentary", "A word after it", ()),
        ("bullet", "Three", ()),
    ]


def test_a_quotation_under_a_heading_is_not_a_list_of_changes() -> None:
    found = pieces_of("## Talks\n\n> Quoted once.\n")
    assert [(role, section) for role, _, section in found] == [("commentary", ("Talks",))]


def test_boilerplate_is_kept_with_the_issue_and_is_not_an_entry() -> None:
    division = divided("This is issue 3 of it.\n\nNews came.\n")
    assert [block.text for block in division.boilerplate] == ["This is issue 3 of it."]
    assert [piece.title for piece in division.pieces] == ["News came"]


def test_a_patch_without_a_link_is_a_problem_with_its_line() -> None:
    division = divided("## Patches\n\n- Jane Doe, [PATCH] without any link\n")
    assert [(piece.author, piece.url) for piece in division.pieces] == [("Jane Doe", None)]
    assert [str(problem) for problem in division.problems] == [
        "a.md:3: There is a patch without a link: '[PATCH] without any link'"
    ]


def test_an_empty_note_is_a_problem_with_its_line() -> None:
    division = divided("## [Random cool note](https://a.example)\n")
    assert [(problem.line, "Random cool note" in problem.message) for problem in division.problems] == [(1, True)]


def test_plain_text_gets_its_section_headings_back() -> None:
    blocks = (Block("paragraph", "Talks", line=4), Block("paragraph", "Words without a sentence", line=6))
    division = divide(Document(blocks, plain=True), NEWSLETTER, "a.txt")
    assert division.sections == (replace(blocks[0], kind="heading", depth=2),)


@pytest.mark.shared
@pytest.mark.parametrize("number", NUMBERS)
def test_no_word_of_an_original_is_lost_or_duplicated(shared: Path, number: int) -> None:
    path = original_path(shared, number)
    (document,) = read(path.read_text(encoding="utf-8"), path.name)
    assert words_of(issue_in(path).division) == count(list(document.blocks))
    assert issue_in(path).problems == ()


@pytest.mark.shared
@pytest.mark.parametrize("number", NUMBERS)
def test_each_word_of_an_original_is_in_its_division(shared: Path, number: int) -> None:
    path = original_path(shared, number)
    text = path.read_text(encoding="utf-8").split("\n---\n", 1)[1]
    text = re.sub(r"^import .*$|^<BlogAuthor .*/>$|\]\([^)\s]*\)|\\|\*\*|\{'|'\}", "", text, flags=re.M)
    assert words_of(issue_in(path).division) == Counter(WORD.findall(text))


@pytest.mark.shared
@pytest.mark.parametrize("number", NUMBERS)
def test_markdown_and_page_give_the_same_ids(shared: Path, number: int) -> None:
    source, page = (issue_in(original_path(shared, number, suffix)).entries for suffix in ("md", "html"))
    assert [entry.id for entry in page] == [entry.id for entry in source]


@pytest.mark.shared
@pytest.mark.parametrize("number", [4, 6, 10, 12, 13])
def test_entries_of_plain_text_have_the_ids_of_the_markdown(shared: Path, number: int) -> None:
    path = original_path(shared, number, "txt")
    text = " ".join(WORD.findall(path.read_text(encoding="utf-8")))
    source = [entry for entry in issue_in(original_path(shared, number)).entries if entry.kind != "patch"]
    left = {entry.id for entry in source if " " in entry.title and " ".join(WORD.findall(entry.title)) in text}
    found = {entry.id for entry in issue_in(path).entries}
    assert len(left & found) >= 0.9 * len(left) > 0, left - found


@pytest.mark.shared
@pytest.mark.parametrize("number", [2, 13])
def test_the_older_form_has_each_entry_once(shared: Path, number: int) -> None:
    older = issue_in(shared / "originals-2021" / f"bpf-updates-{number:02d}.md")
    newer = issue_in(original_path(shared, number))
    assert [entry.id for entry in older.entries] == [entry.id for entry in newer.entries]


def sample(folder: Path, number: int) -> list[Path]:
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    return paths[:: max(1, len(paths) // number)]


@pytest.mark.shared
@pytest.mark.parametrize("newsletter", ["lwkd", "haskell-weekly"])
def test_other_newsletters_are_divided_without_a_lost_word(shared: Path, newsletter: str) -> None:
    for number, path in enumerate(sample(shared / "newsletters" / newsletter, 20), 1):
        told = Hints(newsletter, number, datetime(2020, 1, 1, tzinfo=UTC))
        (issue,) = parse(path.read_bytes(), path.name, ARCHIVE, told)
        (document,) = read(path.read_text(encoding="utf-8"), path.name)
        assert words_of(issue.division) == count(list(document.blocks)), path.name
        assert len({entry.id for entry in issue.entries}) == len(issue.entries) > 0, path.name
