"""Text fragments follow the specification and select the entry in the text of the page."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import unquote

import pytest
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st

from indexer.annotating.fragments import Directive, PageText, directives
from indexer.formats.rendered import blocks_of
from tests.issues import NUMBERS, retold

HEAD = "#:~:text="
phrases = st.text("abAißıİ_- ", min_size=1, max_size=6).map(str.strip).filter(bool)


def test_a_directive_encodes_separators_in_its_parts() -> None:
    made = Directive("x86-64, arm & more", prefix="by the way", suffix="and so on")
    assert made.encoded() == "text=by%20the%20way-,x86%2D64%2C%20arm%20%26%20more,-and%20so%20on"


def test_words_that_occur_earlier_on_the_page_get_context() -> None:
    page = PageText(["A grav is a thing.", "grav", "A set of tools."])
    [found] = directives(page, [("grav", "grav")])
    assert found is not None
    assert page.lands(found) == page.position("grav", 0)
    assert found.prefix or found.suffix


def test_a_match_begins_and_ends_at_word_boundaries() -> None:
    page = PageText(["the bpfilter", "bpf"])
    assert page.lands(Directive("bpf")) == page.position("bpf", 10)


def test_an_indistinguishable_repeat_gets_no_directive() -> None:
    assert directives(PageText(["same", "same"]), [("same", "same"), ("same", "same")])[0] is not None


@given(st.lists(phrases, min_size=1, max_size=4), phrases)
def test_a_browser_scrolls_to_words_that_occur_once(blocks: list[str], words: str) -> None:
    page = PageText(blocks)
    for at in range(len(page.text)):
        assert not page.is_only(words, at) or page.lands(Directive(words)) == at


@pytest.mark.shared
@pytest.mark.parametrize("number", NUMBERS)
def test_every_fragment_lands_on_its_entry_in_the_text_of_the_page(shared: Path, number: int) -> None:
    html = (shared / "originals-html" / f"bpf-updates-{number:02d}.html").read_text(encoding="utf-8")
    body = BeautifulSoup(html, "html5lib").body
    assert body is not None
    page = PageText(block.text for block in blocks_of(body, "page"))
    places = [page.lands(directive_of(entry.original_url)) for entry in retold(number).entries]
    assert min(places) > 0
    assert places == sorted(set(places)), "each entry has a place of its own, in reading order"


def directive_of(address: str | None) -> Directive:
    """Return the decoded directive of a URL."""
    assert address is not None
    parts = address.partition(HEAD)[2].split(",")
    prefix = unquote(parts.pop(0)[:-1]) if parts[0].endswith("-") else ""
    suffix = unquote(parts.pop()[1:]) if parts[-1].startswith("-") else ""
    assert len(parts) == 1
    return Directive(unquote(parts[0]), prefix, suffix)
