"""Exports of newsletter services, and marks of site generators."""

from __future__ import annotations

from indexer.formats import parts_of, read_source
from indexer.formats.rendered import blocks_of, parse_fragment

ITEM = """<item><title>{title}</title><link>https://e.example/{title}</link><wp:post_type>{kind}</wp:post_type>
<wp:status>{status}</wp:status><content:encoded><![CDATA[<p>Twelve words are enough for a text, so this one has {title}
and a few more, as a real post would.</p>]]></content:encoded></item>"""
WORDPRESS = """<?xml version="1.0"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"
 xmlns:wp="http://wordpress.org/export/1.2/"><channel><title>E</title>{items}</channel></rss>"""


def test_an_export_of_wordpress_has_its_published_posts() -> None:
    kinds = (("One", "post", "publish"), ("About", "page", "publish"), ("Two", "post", "draft"))
    items = "".join(ITEM.format(title=title, kind=kind, status=status) for title, kind, status in kinds)
    [(page, suffix)] = parts_of(WORDPRESS.format(items=items).encode(), "export.xml")
    assert (read_source(page, "a.html")[0].title, suffix) == ("One", ".html")


def test_an_export_of_buttondown_has_a_subject_and_a_publish_date() -> None:
    text = "---\nsubject: 'Links #3'\npublish_date: 2021-05-03T08:00:00Z\n---\n\n- [A](https://e.example/a)\n"
    [document] = read_source(text.encode(), "a.md")
    assert document.title == "Links #3"
    assert document.date
    assert f"{document.date:%Y-%m-%d}" == "2021-05-03"


def test_lines_of_colons_around_a_box_are_left_out() -> None:
    text = "First.\n\n:::tip Try it\n\nThe example works.\n\n:::\n\n```\n:::kept\n```\n"
    [document] = read_source(text.encode(), "a.md")
    assert [block.text for block in document.blocks] == ["First.", "Try it", "The example works.", ":::kept"]


def test_the_first_line_of_a_card_is_its_title() -> None:
    card = "<figure><a href='https://e.example/a'><div>The title</div><div>What it says</div></a></figure>"
    [block] = blocks_of(parse_fragment(card), "a.html")
    [line] = [span for span in block.spans if span.kind == "line"]
    assert block.text[line.start : line.end] == "The title"
