"""Real feeds: RSS, Atom with each text type, other encodings, and broken ones."""

from __future__ import annotations

from datetime import date

import pytest

from indexer.errors import UnreadableSource
from indexer.formats import decode, read
from indexer.model import Document

WORDS = "Some words stand here so that this is an item of a feed with enough of them to be read as an issue. " * 2
ATOM = """<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://a.example/blog/">
<title>A blog</title><entry>{}<updated>2018-01-14T10:00:00+02:00</updated></entry></feed>"""
RSS = "<?xml version='1.0'?><rss version='2.0'><channel><item>{}</item></channel></rss>"


def issue(feed: str | bytes) -> Document:
    (document,) = read(decode(feed if isinstance(feed, bytes) else feed.encode(), "feed.xml"), "feed.xml")
    return document


def test_atom_in_xhtml_keeps_its_markup() -> None:
    body = f"<p>{WORDS}</p><h2>Talks</h2><ul><li><a href='talk'>A talk</a></li></ul>"
    xhtml = f"<content type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'>{body}</div></content>"
    document = issue(ATOM.format(f"<title>One</title>{xhtml}"))
    assert [(block.kind, block.text) for block in document.blocks[1:]] == [("heading", "Talks"), ("bullet", "A talk")]
    assert next(document.blocks[-1].links()).url == "https://a.example/blog/talk"


@pytest.mark.parametrize("kind", ["html", "text"])
def test_atom_in_text_and_escaped_html_is_read(kind: str) -> None:
    body = f"&lt;p>{WORDS}&lt;/p>" if kind == "html" else WORDS
    document = issue(ATOM.format(f"<title>One</title><content type='{kind}'>{body}</content>"))
    assert document.blocks[0].text == WORDS.strip()
    assert document.date
    assert document.date.date() == date(2018, 1, 14)


def test_the_page_of_an_item_is_its_alternate_link() -> None:
    links = "<link rel='self' href='https://a.example/feed'/><link rel='alternate' href='https://a.example/1'/>"
    assert issue(ATOM.format(f"{links}<content>{WORDS}</content>")).page == "https://a.example/1"


@pytest.mark.parametrize("encoding", ["iso-8859-1", "windows-1252", "utf-8", "utf-16"])
def test_a_feed_is_decoded_as_it_declares(encoding: str) -> None:
    written = RSS.replace("'1.0'?", f"'1.0' encoding='{encoding}'?").format(
        f"<title>Où</title><description>{WORDS} déjà vu</description>"
    )
    document = issue(written.encode(encoding))
    assert document.title == "Où"
    assert document.blocks[0].text.endswith("déjà vu")


def test_a_page_is_decoded_as_it_declares() -> None:
    page = f"<!doctype html><html><head><meta charset=iso-8859-2></head><article><p>{WORDS} Łódź</p></article>"
    (document,) = read(decode(page.encode("iso-8859-2"), "a.html"), "a.html")
    assert document.blocks[0].text.endswith("Łódź")


def test_words_in_elements_that_html_does_not_know_are_kept() -> None:
    body = f"<p>{WORDS}</p><p>Call <my-element>it</my-element> with &lt;T&gt;.</p>"
    title = "A &lt;b&gt;bold&lt;/b&gt; one"
    document = issue(RSS.format(f"<title>{title}</title><description><![CDATA[{body}]]></description>"))
    assert document.blocks[1].text == "Call <my-element>it with <T>."
    assert document.title == "A bold one"


def test_a_feed_that_is_not_well_formed_is_read() -> None:
    item = f"<title>One & two</title><description>{WORDS} & more</description>"
    assert issue(RSS.format(item)).title == "One & two"


@pytest.mark.parametrize("day", ["Mon, 20 Nov 9999999999 12:00:00 +0000", "2017-13-45", "x" * 5_000, "", "-1"])
def test_an_impossible_date_affects_nothing_else(day: str) -> None:
    document = issue(RSS.format(f"<title>One</title><pubDate>{day}</pubDate><description>{WORDS}</description>"))
    assert document.title == "One"
    assert document.date is None


def test_a_feed_with_only_summaries_is_refused() -> None:
    with pytest.raises(UnreadableSource, match="No item of the feed contains its full text"):
        issue(RSS.format("<title>One</title><description>Too short.</description>"))


def test_nothing_named_in_a_feed_is_fetched_or_opened() -> None:
    entity = "<!DOCTYPE rss [<!ENTITY e SYSTEM 'file:///etc/passwd'>]>"
    feed = RSS.replace("<rss", f"{entity}<rss").format(f"<title>&e;</title><description>{WORDS}</description>")
    assert "root" not in issue(feed).title
