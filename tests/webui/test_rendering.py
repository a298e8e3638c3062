"""Texts as HTML: links, code, marks, and identifiers in plain text."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st

from indexer.model import Block, Span
from webui.pages.rendering import after, grouped, marked, names_in, with_code

SOME_TEXT = st.text(st.sampled_from("ab_ <>&\"'()*.;x1"), max_size=40)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("xdp: implement xdp_redirect_map for generic XDP", ["xdp_redirect_map"]),
        ("BPF_F_* in test_verifier.c, freed by bpf_prog_put()", ["BPF_F_*", "test_verifier.c", "bpf_prog_put()"]),
        ("the system call bpf() of v4.15", ["bpf()"]),
        ("fix ri->map_owner pointer", ["map_owner"]),
        ("net-next, x86, 2/5, and _ alone", []),
    ],
)
def test_words_that_only_code_contains_are_shown_as_code(text: str, names: list[str]) -> None:
    assert [text[span.start : span.end] for span in names_in(text)] == names
    assert [code.text for code in BeautifulSoup(with_code(text), "html5lib").find_all("code")] == names


@given(SOME_TEXT)
def test_a_text_is_shown_as_it_is_whatever_it_holds(text: str) -> None:
    for html in (with_code(text), marked(text, names_in(text), [(1, 3)])):
        page = BeautifulSoup(f"<pre>x{html}</pre>", "html5lib")
        assert page.get_text() == f"x{text}"
        assert {tag.name for tag in page.find_all(True)} <= {"html", "head", "body", "pre", "code", "mark"}


def test_a_link_is_marked_within_and_leads_only_where_it_may() -> None:
    spans = [Span(0, 5, "link", 'https://example.org/?a=1&b="'), Span(6, 9, "link", "javascript:alert(1)")]
    html = marked("a tool bad", spans, [(2, 6)])
    link = BeautifulSoup(html, "html5lib").find_all("a")
    assert next(each["href"] for each in link) == 'https://example.org/?a=1&b="'
    assert "<mark>" in html
    assert "javascript" not in html


def test_an_entry_that_is_one_bullet_is_not_a_list() -> None:
    bullet = Block("bullet", "one")
    assert grouped([bullet]) == [("paragraph", [bullet])]
    assert grouped([bullet, bullet]) == [("bullet", [bullet, bullet])]


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("A tool: made new", "made new"),
        ("A tool", ""),
        ("A tool.\nIt is new.", "It is new."),
        ("A toolbox", "A toolbox"),
        ("Made: A tool", "Made: A tool"),
    ],
)
def test_a_text_goes_on_after_the_title_that_it_begins_with(text: str, rest: str) -> None:
    assert after("A tool", text) == rest
