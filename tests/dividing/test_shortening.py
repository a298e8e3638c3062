"""No title, section name or author is longer than any real one, and no word is lost."""

from __future__ import annotations

from dataclasses import replace

import pytest

from indexer.dividing import divide
from indexer.dividing.shortening import LONGEST, LONGEST_AUTHOR, cut
from indexer.formats.markdown import read_markdown
from indexer.formats.text import read_text
from indexer.model import Document
from tests.issues import ARCHIVE

WORDS = " ".join(f"word{n}" for n in range(2_000))
WORD = "x" * 19_000
LIST = "- [a](https://a.example/1) b\n{0}- [c](https://a.example/2) d\n"
TEXTS = {
    "title": f"## News\n\n#### [{WORDS}](https://a.example/1)\n\nText.\n\n#### [b](https://b.example)\n\nMore.\n",
    "section": f"## {WORDS}\n\n{LIST}",
    "bold line": f"**{WORD} a b**\n\n{LIST}",
    "label": f"- {WORD} news\n    {LIST.replace('{0}', '    ')}",
    "announcement": f"## News\n\n{WORD}:\n\n{LIST}",
    "bullet": f"- {WORDS}\n- two words\n",
    "link": f"- [{WORDS}](https://a.example/1) and more text.\n",
    "patch": f"## Patches\n\n- Ada Byron, [{WORDS}](https://a.example/1)\n",
    "author": f"## Patches\n\n- {WORDS} [[PATCH] a subject](https://a.example/1)\n",
    "cell": f"| A | B |\n|---|---|\n| [{WORDS}](https://a.example/1) | c |\n",
}


@pytest.mark.parametrize("newsletter", ["bpf-updates", "other"])
@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
@pytest.mark.parametrize("read", [read_markdown, read_text])
def test_what_is_too_long_for_a_title_is_cut_and_stays_in_the_text(read: object, text: str, newsletter: str) -> None:
    document: Document = read(text.replace("{0}", ""), "a")  # type: ignore[operator]
    division = divide(document, ARCHIVE.newsletter(newsletter), "a")
    for piece in division.pieces:
        assert max(map(len, (piece.title, *piece.section))) <= LONGEST
        assert len(piece.author or "") <= LONGEST_AUTHOR
        assert piece.blocks
    held = [*division.sections, *division.boilerplate]
    held += [block for piece in division.pieces for block in (*filter(None, [piece.head]), *piece.blocks)]
    kept = {word for block in held for word in block.text.split()}
    assert {word for block in document.blocks for word in block.text.split()} <= kept


def test_a_title_of_a_usual_length_stays_as_it_is() -> None:
    document = read_markdown(f"## News\n\n#### [{WORDS[:LONGEST]}](https://a.example/1)\n\nText.\n", "a")
    (piece,) = divide(replace(document, title="News"), ARCHIVE.newsletter("bpf-updates"), "a").pieces
    assert (piece.title, piece.role) == (WORDS[:LONGEST], "item")


@pytest.mark.parametrize("word", ["x", "漢"])
def test_a_long_word_after_a_short_one_is_cut(word: str) -> None:
    assert cut(f"A {word * LONGEST}") == f"A {word * (LONGEST - 3)}…"
