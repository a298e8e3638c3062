"""Markdown, HTML, plain text and feeds become the same kind of blocks."""

from __future__ import annotations

import contextlib
import re
from collections import Counter
from collections.abc import Iterable

import pytest
from bs4 import BeautifulSoup
from bs4.builder._htmlparser import BeautifulSoupHTMLParser
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.dividing.sentences import ends
from indexer.errors import UnreadableSource
from indexer.formats import decode, read
from indexer.formats.cleaning import clean
from indexer.formats.html import read_html
from indexer.formats.markdown import read_markdown
from indexer.formats.registry import LARGEST, format_of
from indexer.formats.rendered import parse_fragment
from indexer.formats.text import read_text
from indexer.model import Block, Span

WORD = re.compile(r"\w+")
ITEM_NUMBER = re.compile(r"(?m)^[^\S\n]{0,8}\d{1,2}[.)](?=\s)")
PAGE = """<!DOCTYPE html><html><head><meta property="og:title" content="{title}"></head><body>
<nav><a href="https://site.example/start">Start</a></nav>
<main><article>{article}</article></main>
<footer><a href="https://site.example/imprint">Imprint</a></footer></body></html>"""
LONG_ENOUGH = "<p>" + "Filters are attached to devices and count what passes. " * 4 + "</p>"
words = st.text("abcdefghijklmnopqrstuvwxyz", min_size=1, max_size=8)
phrases = st.lists(words, min_size=1, max_size=6).map(" ".join)
# Pieces of syntax and plain characters, so that random text looks like broken Markdown.
SYNTAX = st.sampled_from(
    (
        "# ",
        "#### ",
        "- ",
        "  - ",
        "\t- ",
        "> ",
        "```\n",
        "---\n",
        "\n",
        "\n\n",
        "[",
        "](",
        ")",
        "](https://a.example/b)",
    )
)
DEBRIS = st.sampled_from(
    ("`", "**", "_", "{'{'}", "{{preview}}\n", "{{/preview}}\n", "<div>", "</p>", "<!--", "\\", "|", "1. ", "&#", "é")
)
broken_markdown = st.lists(SYNTAX | DEBRIS | st.text(max_size=6), max_size=40).map("".join)


def words_of(blocks: Iterable[Block]) -> Counter[str]:
    return Counter(word for block in blocks for word in WORD.findall(block.text))


def shape(blocks: Iterable[Block]) -> list[tuple[str, int, str]]:
    return [(block.kind, block.depth, block.text) for block in blocks]


def urls(blocks: Iterable[Block]) -> list[str]:
    return [link.url for block in blocks for link in block.links()]


@settings(deadline=None, max_examples=150)
@given(st.text(max_size=300) | broken_markdown)
def test_reading_markdown_never_raises(text: str) -> None:
    for block in read_markdown(clean(text), "any.md").blocks:
        assert block.text == block.text.strip() != ""
        assert all(0 <= span.start < span.end <= len(block.text) for span in block.spans)


@settings(deadline=None, max_examples=100)
@given(st.text(max_size=300) | broken_markdown)
def test_reading_plain_text_keeps_every_word_but_the_numbers_of_items(text: str) -> None:
    document = read_text(text.replace("\r", "\n"), "any.txt")
    found = words_of(document.blocks)
    found.update(WORD.findall(document.title))
    lost = Counter(WORD.findall(ITEM_NUMBER.sub("", text))) - found
    assert document.date is not None or not lost


@settings(deadline=None, max_examples=100)
@given(st.lists(st.tuples(st.sampled_from(["# ", "### ", "- ", "  - ", "> ", ""]), phrases), max_size=12))
def test_each_word_of_a_markdown_text_is_in_a_block(lines: list[tuple[str, str]]) -> None:
    text = "\n\n".join(marker + phrase for marker, phrase in lines)
    assert words_of(read_markdown(text, "any.md").blocks) == Counter(WORD.findall(text))


@given(
    st.text(max_size=40),
    st.lists(st.tuples(st.integers(0, 40), st.integers(1, 40))),
    st.integers(-45, 45),
    st.integers(-45, 45),
)
def test_a_slice_of_a_block_keeps_its_spans_inside_its_text(
    text: str, places: list[tuple[int, int]], start: int, end: int
) -> None:
    spans = tuple(Span(a, min(a + n, len(text)), "link", "u") for a, n in places if a < len(text))
    start, end = sorted((max(start, 0), max(end, 0)))
    part = Block("paragraph", text, spans=spans).slice(start, end)
    assert part.text == text[start:end].strip()
    assert all(0 <= span.start < span.end <= len(part.text) for span in part.spans)


def test_a_slice_keeps_what_a_span_marks() -> None:
    block = Block("paragraph", "see  the tree here", spans=(Span(5, 13, "link", "u"),))
    part = block.slice(3, 13)
    (span,) = part.spans
    assert part.text[span.start : span.end] == "the tree"


def test_markdown_and_html_give_the_same_blocks() -> None:
    markdown = "## Talks\n\n#### [A talk](https://a.example)\n\n> Said `so`.\n\n- one\n  - two\n\nEnd."
    html = (
        '<h2>Talks</h2><h4><a href="https://a.example">A talk</a></h4>'
        "<blockquote><p>Said <code>so</code>.</p></blockquote>"
        "<ul><li>one<ul><li>two</li></ul></li></ul><p>End.</p>"
    )
    from_page = read_html(PAGE.format(title="T", article=html + LONG_ENOUGH), "a.html").blocks[:-1]
    from_source = read_markdown(markdown, "a.md").blocks
    assert shape(from_source) == shape(from_page)
    assert [block.spans for block in from_source] == [block.spans for block in from_page]


def test_the_blocks_of_a_list_have_their_depth() -> None:
    document = read_markdown("- one\n  - two\n    - three\n  - two again\n- one again", "a.md")
    assert [block.depth for block in document.blocks] == [1, 2, 3, 2, 1]


def test_a_list_right_after_a_paragraph_is_a_list() -> None:
    blocks = read_markdown("The highlights are\n- one\n- two", "a.md").blocks
    assert shape(blocks) == [("paragraph", 0, "The highlights are"), ("bullet", 1, "one"), ("bullet", 1, "two")]


def test_each_block_has_the_line_it_begins_on() -> None:
    blocks = read_markdown("---\ntitle: T\n---\n\n# One\n\ntwo\nstill two\n\n- three\n  - four\n", "a.md").blocks
    assert [(block.text.split()[0], block.line) for block in blocks] == [
        ("One", 5),
        ("two", 7),
        ("three", 10),
        ("four", 11),
    ]


def test_equal_blocks_are_found_on_their_own_lines() -> None:
    blocks = read_markdown("- same words\n- same words\n- same words", "a.md").blocks
    assert [block.line for block in blocks] == [1, 2, 3]


@pytest.mark.parametrize("inside", ["\u2028", "\x0c", "\x85"], ids=["line separator", "form feed", "next line"])
def test_lines_are_counted_as_the_pages_of_a_repository_count_them(inside: str) -> None:
    blocks = read_markdown(f"a{inside}b\n\nc", "a.md").blocks
    assert blocks[-1].line == 3


@pytest.mark.parametrize("link", ["[filters][1]", "[1]", "![filters][1]"])
def test_a_reference_link_is_a_link_only_if_it_is_defined(link: str) -> None:
    defined = read_markdown(f"See {link}.\n\n[1]: https://docs.example/filters\n", "a.md").blocks
    undefined = read_markdown(f"See {link}.\n", "a.md").blocks
    assert [block.text for block in undefined] == [f"See {link}."]
    assert [block.text for block in defined] != [f"See {link}."]


def test_a_link_without_its_opening_bracket_is_repaired() -> None:
    (block,) = read_markdown("Its text ](https://a.example)", "a.md").blocks
    assert (block.text, urls([block])) == ("Its text", ["https://a.example"])


@pytest.mark.parametrize(
    "text",
    ["- " * 2000 + "x", "<div>" * 2000 + "x", "\n".join("  " * n + "- x" for n in range(500))],
    ids=["bullets", "elements", "lists"],
)
def test_excessively_nested_markdown_is_read_or_refused(text: str) -> None:
    with contextlib.suppress(UnreadableSource):
        document = read_markdown(text, "a.md")
        assert document.blocks or document.problems


def test_an_excessively_nested_page_is_read_or_refused() -> None:
    page = PAGE.format(title="T", article=LONG_ENOUGH + "<div>" * 3000 + "x")
    with contextlib.suppress(UnreadableSource):
        assert read_html(page, "a.html").blocks


def test_markdown_in_a_fence_is_code() -> None:
    (block,) = read_markdown("```\n- no bullet\n# no heading\n```", "a.md").blocks
    assert shape([block]) == [("code", 0, "- no bullet\n# no heading")]


def test_front_matter_has_title_date_and_number() -> None:
    document = read_markdown(
        '---\nnewsletter: n\nnumber: 7\ntitle: "T: x"\ndate: 2017-05-24T08:00:00+02:00\n---\nText', "a.md"
    )
    assert (document.newsletter, document.label, document.title) == ("n", 7, "T: x")
    assert document.date is not None
    assert document.date.isoformat() == "2017-05-24T06:00:00+00:00"


@pytest.mark.parametrize(
    "head", ["---\na: [\n---\n", "---\n- a list\n---\n", "---\nno end\n", "---\ndate: 2017-99-99\n---\n"]
)
def test_invalid_front_matter_is_a_problem_and_not_an_error(head: str) -> None:
    document = read_markdown(head + "\nText that stays.", "a.md")
    assert "Text that stays." in [block.text for block in document.blocks] or document.blocks[-1].text.endswith(
        "stays."
    )
    assert document.problems
    assert document.problems[0].where == "a.md"


def test_a_bare_address_is_a_link_without_the_punctuation_after_it() -> None:
    blocks = read_markdown("See https://a.example/b_(c)?d=1. And (https://e.example).", "a.md").blocks
    assert urls(blocks) == ["https://a.example/b_(c)?d=1", "https://e.example"]


def test_only_the_article_of_a_page_is_read() -> None:
    article = '<p><a href="https://a.example">In the article</a></p>' + LONG_ENOUGH
    document = read_html(PAGE.format(title="A title", article=article), "a.html")
    assert urls(document.blocks) == ["https://a.example"]
    assert document.title == "A title"


def test_scripts_and_comments_are_not_text() -> None:
    article = "<p>Said<script>no()</script><!-- no --> once.</p>" + LONG_ENOUGH
    blocks = read_html(PAGE.format(title="T", article=article), "a.html").blocks
    assert blocks[0].text == "Said once."


def test_a_page_without_an_article_is_reported_with_what_to_do() -> None:
    with pytest.raises(UnreadableSource, match=r"^shell\.html: .*no article.*Save the page from a browser"):
        read_html(PAGE.format(title="T", article='<div id="root"></div>'), "shell.html")


def test_plain_text_gives_date_title_and_lost_lines() -> None:
    document = read_text(
        "May 24, 2017\n\nA title\n\nA paragraph\nof two lines.\n\n\nAfter a lost line.\n\n  • one", "a.txt"
    )
    assert document.date is not None
    assert (document.date.date().isoformat(), document.title) == ("2017-05-24", "A title")
    assert [(b.kind, b.text, b.gap) for b in document.blocks] == [
        ("paragraph", "A paragraph of two lines.", 0),
        ("paragraph", "After a lost line.", 1),
        ("bullet", "one", 0),
    ]


def item(title: str, number: int, text: str) -> str:
    date = "Mon, 20 Nov 2017 16:32:45 GMT"
    link = f"https://a.example/{number}"
    return f"<item><title>{title}</title><link>{link}</link><pubDate>{date}</pubDate>{text}</item>"


def test_a_feed_gives_a_document_for_each_item_with_its_text() -> None:
    full = item("One", 1, f"<content:encoded><![CDATA[{LONG_ENOUGH}]]></content:encoded>")
    short = item("Two", 2, "<description>Short…</description>")
    (document,) = read(f"<rss><channel>{full}{short}</channel></rss>", "feed.xml")
    assert (document.title, document.page) == ("One", "https://a.example/1")
    assert document.date is not None
    assert document.date.isoformat() == "2017-11-20T16:32:45+00:00"


def test_a_feed_of_summaries_is_reported() -> None:
    with pytest.raises(UnreadableSource, match=r"^feed\.xml: No item of the feed contains its full text"):
        read("<rss><channel><item><title>T</title><description>Short…</description></item></channel></rss>", "feed.xml")


@pytest.mark.parametrize(
    ("text", "name", "format_"),
    [
        ("# A heading", "a.md", "markdown"),
        ("<!doctype html><p>x", "a.md", "html"),
        ("<p>x</p>", "a.html", "html"),
        ("Just words", "a.txt", "text"),
        ("# no heading here", "a.txt", "text"),
        ("## A heading\n\n- a bullet", "download", "markdown"),
        ("Just words", "download", "text"),
        ('<?xml version="1.0"?><rss></rss>', "a", "feed"),
        ('<?xml version="1.0"?><!-- x --><feed></feed>', "a.xml", "feed"),
    ],
)
def test_the_format_is_recognised_by_the_text_and_then_by_the_name(text: str, name: str, format_: str) -> None:
    assert format_of(text, name) == format_


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_text_is_decoded_with_or_without_a_byte_order_mark_and_with_any_line_ends(encoding: str) -> None:
    assert decode("Björn\r\nTöpel\rx".encode(encoding), "a.md") == "Björn\nTöpel\nx"


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b"", "is empty"),
        (b" \n\t\n", "is empty"),
        (b"\x89PNG\r\n\x1a\n\x00", "The file is an image"),
        (b"text\x00text", "binary"),
        ("Töpel".encode("latin-1"), "Save the file as UTF-8"),
        (b"x" * (LARGEST + 1), "The limit is"),
        (b"\xff\xfex", "Save the file as UTF-8"),
    ],
    ids=["empty", "blank", "image", "zero byte", "latin-1", "too large", "half of utf-16"],
)
def test_a_file_that_is_not_text_is_reported_with_its_name_and_the_reason(raw: bytes, said: str) -> None:
    with pytest.raises(UnreadableSource, match=rf"^issue\.md: .*{said}"):
        decode(raw, "issue.md")


def test_a_page_in_sections_is_read_completely() -> None:
    html = (
        "<html><body><nav><p>menu</p></nav><main><article><p>An opening.</p>"
        "<section><h2>Presentations</h2><p>" + "A talk about maps. " * 8 + "</p></section>"
        "<section><h2>Patches</h2><ul><li>one patch of a person</li><li>another patch</li></ul></section>"
        "</article></main></body></html>"
    )
    texts = [block.text for block in read_html(html, "page.html").blocks]
    assert texts[:2] == ["An opening.", "Presentations"]
    assert texts[-1] == "another patch"
    assert "menu" not in texts


@pytest.mark.parametrize(
    "head",
    [
        "title: " + "[" * 50_000,
        "a: &a [x, x]\nb: &b [*a, *a]\ntitle: *b",
        "date: 9999-12-31T23:59:59-14:00",
        "number: true",
        "title: {a: 1}",
    ],
)
def test_odd_front_matter_is_at_most_a_problem(head: str) -> None:
    document = read_markdown(f"---\n{head}\n---\n\nSome text.\n", "odd.md")
    assert [block.text for block in document.blocks] == ["Some text."]
    assert (document.title, document.date, document.label) == ("", None, None)


def test_a_long_paragraph_is_divided_into_sentences_in_one_pass() -> None:
    text = "Foo bar (baz). " * 20_000
    assert len(ends(text)) == 20_000


def test_text_that_a_style_makes_bold_is_bold() -> None:
    styled = (
        '<div style="font-size: 18px; font-weight: bold;">News</div><p>A <span style="font-weight:300">b</span></p>'
    )
    found = read_html(PAGE.format(title="T", article=styled + LONG_ENOUGH), "a.html").blocks
    assert [[span.kind for span in block.spans] for block in found[:2]] == [["strong"], []]


@pytest.mark.parametrize(
    ("text", "count"),
    [("Am 3. Oktober. Dann", 2), ("It was fixed in 4. May we hope?", 2), ("Linux 6. March on.", 2), ("Nr 99. Mai", 2)],
)
def test_a_day_of_a_month_does_not_end_a_sentence(text: str, count: int) -> None:
    assert len(ends(text)) == count


@pytest.mark.parametrize(("style", "spans"), [("font-weight:bolder", 1), ("mso-bidi-font-weight:bold", 0)])
def test_only_the_weight_of_a_font_makes_text_bold(style: str, spans: int) -> None:
    article = f'<p>Words and <span style="{style}">more words</span></p>{LONG_ENOUGH}'
    assert len(read_html(PAGE.format(title="T", article=article), "a.html").blocks[0].spans) == spans


@pytest.mark.parametrize(
    "html",
    [
        "<p>a &lt; b &amp;&amp; c &gt; d, &quot;quoted&quot;, &amp;lt; and &nbsp; and &amp;#38;</p>",
        '<p><a href="https://a.example/?b=1&amp;c=2" title="&quot;x&quot;">y &amp; z</a>&amp</p>',
        "<p>a</p><script>if (a &amp;&amp; b) c</script><xmp>&lt;b&gt;</xmp><p>&amp;</p>",
    ],
)
def test_escaped_characters_are_read_as_any_others(html: str) -> None:
    assert str(parse_fragment(html)) == str(BeautifulSoup(html, "html.parser"))


def test_what_renderers_escape_is_read_without_the_table_of_all_names(monkeypatch: pytest.MonkeyPatch) -> None:
    """The table takes longer to make than an issue to read."""
    named: list[str] = []
    monkeypatch.setattr(BeautifulSoupHTMLParser, "handle_entityref", lambda _, name: named.append(name))
    document = read_markdown('# A & B\n\n1 < 2, `a && "b"` and [c](https://c.example/?d=1&e=2) &copy;\n', "a.md")
    assert named == ["copy"]
    assert [block.text for block in document.blocks][-1].startswith('1 < 2, a && "b" and c')
