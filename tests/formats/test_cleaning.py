"""Readers never return control characters, and links stay on their words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.controls import INTERPRETED
from indexer.formats import decode, read
from indexer.formats.cleaning import clean, cleaned_block, prepared
from indexer.model import Block, Document, Span

ESCAPES = "&#27;[31mred&#x1b;]0;title&#7; &#155;31m &#157;0;x&#156; &#x202e;reversed &#x2066;apart &#0; &#xD800;"
ARTICLE = "Some words stand here so that this is an article. " * 4
PAGE = (
    f'<!doctype html><head><meta property="og:title" content="An issue {ESCAPES}"></head>'
    f"<body><article><p>{ARTICLE}</p><h4><a href='https://a.example/5{ESCAPES}'>A title {ESCAPES}</a></h4>"
    f"<pre>code {ESCAPES}</pre><p>Words <code>of {ESCAPES}</code>.</p></article>"
)
MARKDOWN = (
    '---\ntitle: "T \\e]0;x\\a\\e[31mRED \\x9b31m \\u202E reversed \\uD800"\n---\n\n## Talks\n\n'
    f"#### [A title {ESCAPES}](https://a.example/1{ESCAPES})\n\nText `code &#27;` {ESCAPES}\n"
)
ITEM = "<![CDATA[" + PAGE.replace("<!doctype html>", "") + "]]>"
FEED = f"<rss><channel><item><title>One {ESCAPES}</title><description>{ITEM}</description></item></channel></rss>"
TEXT = "June 1, 2017\n\nA title \x1b[31m\n\nWords \x9b \u202e of it.\n"
SOURCES = {"a.html": PAGE, "a.md": MARKDOWN, "feed.xml": FEED, "a.txt": TEXT}


def texts_of(document: Document) -> str:
    urls = [span.url for block in document.blocks for span in block.spans]
    problems = [problem.message for problem in document.problems]
    return "\n".join([document.title, document.page, *(block.text for block in document.blocks), *urls, *problems])


@pytest.mark.parametrize("name", SOURCES)
def test_readers_return_no_control_characters(name: str) -> None:
    (document,) = read(decode(SOURCES[name].encode(), name), name)
    whole = texts_of(document)
    assert "title" in whole
    assert not INTERPRETED.search(whole)
    whole.encode()  # no half of a character


@given(st.text(alphabet="a\x1b\u202e\u200b \x85b", max_size=30), st.data())
def test_a_span_keeps_its_words_when_its_block_is_cleaned(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    block = cleaned_block(Block("paragraph", text, spans=(Span(start, end, "link", "https://a.example/\x1b"),)))
    assert block.text == clean(text)
    words = [block.text[span.start : span.end] for span in block.spans]
    assert words == ([clean(text[start:end])] if clean(text[start:end]) else [])
    assert all(INTERPRETED.search(span.url) is None for span in block.spans)


@pytest.mark.parametrize(
    ("written", "prepared_"),
    {
        "&#65;": "&#65;",
        "&#x41;": "&#x41;",
        "&#00000000065;": "&#65;",
        "&#x0000000041;": "&#x41;",
        f"&#{'9' * 5_000};": "&#65533;",
        f"&#x{'f' * 5_000};": "&#65533;",
        f"a{' ' * 5_000}b": f"a{' ' * 1_000}b",
        f"{'!' * 5_000}": f"{'!' * 1_000}",
        "\n" * 5_000: "\n" * 5_000,
        "a" * 5_000: "a" * 5_000,
    }.items(),
    ids=range(10),
)
def test_input_that_makes_parsers_slow_or_fail_is_shortened(written: str, prepared_: str) -> None:
    assert prepared(written) == prepared_


def test_an_invalid_url_affects_only_its_link() -> None:
    links = "<a href='http://[::1'>One link</a> and <a href='https://b.example'>another</a>"
    (document,) = read(f"<!doctype html><article><p>{ARTICLE}</p><h4>{links}</h4></article>", "a.html")
    heading = document.blocks[-1]
    assert heading.text == "One link and another"
    assert [span.url for span in heading.spans] == ["https://b.example"]
    assert [str(each) for each in document.problems] == [
        "a.html:1: 'http://[::1' is not a valid URL. The link was kept as text."
    ]


def test_an_invalid_page_url_is_ignored() -> None:
    head = '<!doctype html><head><meta property="og:url" content="http://[::1"></head>'
    (document,) = read(f"{head}<article><p>{ARTICLE}</p></article>", "a.html")
    assert document.page == ""
    assert "'http://[::1' is not valid" in document.problems[0].message
