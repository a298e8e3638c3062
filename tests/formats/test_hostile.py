"""Malicious texts are read or refused quickly, and the text around them is kept."""

from __future__ import annotations

import sys
import time
import unicodedata
from datetime import UTC, datetime

import pytest

from indexer.dividing.locators import ids
from indexer.errors import BackissueError, UnreadableSource
from indexer.formats import bounds
from indexer.ingest import Hints, parse
from indexer.model import LARGEST, Issue
from indexer.sources.archive import Archive

HANGS = 60  # seconds of CPU time; what is measured here takes well under one
TOLD = Hints("bpf-updates", 3, datetime(2017, 6, 1, tzinfo=UTC))
AROUND = "Maps are counted and filters pass packets on.\n\n{}\n\nProbes are attached last of all.\n"
PAGE = "<!doctype html><main><article><p>{}</p>{{}}<p>The last words.</p></article></main>".format(
    "Some words here. " * 9
)
ENTITIES = "".join(f'<!ENTITY a{n + 1} "{f"&a{n};" * 10}">' for n in range(12))

MARKDOWN = {
    "open brackets": "[" * 50_000,
    "brackets in brackets": "[" * 10_000 + "x" + "]" * 10_000,
    "images": "![" * 10_000,
    "links in parentheses": "[a](b(c " * 2_000,
    "bullets on a line": "- " * 2_000 + "x",
    "bullets on lines": "\n".join("  " * n + "- x" for n in range(600)),
    "numbers on a line": "1. " * 10_000 + "x",
    "quotations": ">" * 10_000 + " x",
    "quotations with spaces": "> " * 10_000 + "x",
    "a long line": "x" * 1_900_000,
    "long sentences": "Foo bar (baz). " * 100_000,
    "emphasis": "_a" * 30_000,
    "code": "`a" * 30_000,
    "open tags": "<a " * 20_000,
    "unclosed tags": "<div>\n" * 5_000,
    "unclosed scripts": "<script>\n" * 5_000,
    "unclosed comments": "<!--\n" * 5_000,
    "unclosed CDATA": "<![CDATA[\n" * 5_000,
    "headings": "#\n" * 20_000,
    "underlined headings": "a\n=\n" * 20_000,
    "fences": "```a\n" * 20_000,
    "versions": "v4.15 " * 50_000,
}
READ = {
    "comments on lines of their own": "<!-- x\n\n" * 500,
    "CDATA on lines of its own": "<![CDATA[ x\n\n" * 500,
    "entities": "&lt;" * 4_000,
    "strings of MDX": "{'a'}" * 1_000,
    "an import without end": "import " + " from " * 3_000,
    "template tags without an end": "{% a " * 1_000,
    "tabs before an attribute": "a" + "\t" * 9_000 + "{: a",
    "words of a byline": "Some words, a" + " a" * 3_000,
}
MANY = {
    "paragraphs": "".join(f"Words {n}.\n\n" for n in range(10_000)),
    "bullets": "\n".join(f"- x {n}" for n in range(400)) + "\n\nAnd then.\n\n" + "- y\n" * 400,
    "the same paragraph": "Words come again.\n\n" * 5_000,
    "empty lines": "x\n" + "\n" * 200_000 + "y",
}
PAGES = {
    "elements": "<div>" * 10_000,
    "lists": "<ul><li>" * 10_000,
    "quotations": "<blockquote>" * 10_000,
    "marked up words": "<b>" * 10_000,
    "tables": "<table><tr><td>" * 3_000,
    "paragraphs in marked up words": "<p>" + "".join(f"<b id={n}>" for n in range(60)) + "</p><p>x" * 5_000,
    "attributes": "<p " + " ".join(f"a{n}=1" for n in range(20_000)) + ">x</p>",
}
PAGES_READ = {
    "unclosed comments": "<!--" * 20_000,
    "unclosed CDATA": "<![CDATA[" * 20_000,
    "an unclosed script": "<script>",
    "paragraphs": "<p>x y</p>" * 5_000,
    "entities": "&amp;" * 4_000,
}


def issue_of(text: str | bytes, name: str, archive: Archive) -> Issue:
    """Read a text as an issue, quickly or not at all."""
    raw = text.encode() if isinstance(text, str) else text
    began = time.process_time()
    try:
        (issue,) = parse(raw, name, archive, TOLD)
    finally:
        assert time.process_time() - began < HANGS
    return issue


@pytest.mark.parametrize("hostile", MARKDOWN.values(), ids=MARKDOWN)
def test_a_block_beyond_the_limits_is_a_problem_and_the_rest_is_read(hostile: str, archive: Archive) -> None:
    issue = issue_of(AROUND.format(hostile), "a.md", archive)
    titles = [entry.title for entry in issue.entries]
    assert "Maps are counted and filters pass packets on" in titles
    assert "Probes are attached last of all" in titles
    told = [problem for problem in issue.problems if "was left out" in problem.message]
    assert [problem.line for problem in told] == [3]


@pytest.mark.parametrize("odd", READ.values(), ids=READ)
def test_an_odd_block_is_read_with_the_rest(odd: str, archive: Archive) -> None:
    issue = issue_of(AROUND.format(odd), "a.md", archive)
    assert issue.entries[0].title == "Maps are counted and filters pass packets on"
    assert issue.entries[-1].title.endswith("Probes are attached last of all")


@pytest.mark.parametrize("long", MANY.values(), ids=MANY)
def test_a_long_issue_is_read_up_to_the_limit(long: str, archive: Archive) -> None:
    issue = issue_of(AROUND.format(long), "a.md", archive)
    assert 3 <= len(issue.entries) <= bounds.MOST_BLOCKS
    told = any(problem.message.startswith("The text after 1,000 blocks") for problem in issue.problems)
    assert told != any(entry.title == "Probes are attached last of all" for entry in issue.entries)


@pytest.mark.parametrize("hostile", PAGES.values(), ids=PAGES)
def test_a_page_beyond_the_limits_is_refused_with_a_message(hostile: str, archive: Archive) -> None:
    with pytest.raises(UnreadableSource, match=r"^a\.html: .*(deeper|more) than [\d,]+ "):
        issue_of(PAGE.format(hostile), "a.html", archive)


@pytest.mark.parametrize("odd", PAGES_READ.values(), ids=PAGES_READ)
def test_an_odd_page_is_read(odd: str, archive: Archive) -> None:
    assert issue_of(PAGE.format(odd), "a.html", archive).entries[0].title == "Some words here"


def test_expanding_entities_are_not_expanded(archive: Archive) -> None:
    page = PAGE.format("<p>&a12;</p>").replace("<!doctype html>", f"<!DOCTYPE html [{ENTITIES}]>")
    assert len("".join(entry.body for entry in issue_of(page, "a.html", archive).entries)) < 5_000


@pytest.mark.parametrize(
    "feed",
    [
        "<item>" * 5_000,
        "<a>" * 20_000,
        "<!--" * 20_000,
        "<![CDATA[" * 5_000,
        f"<!DOCTYPE x [{ENTITIES}]><item>&a12;</item>",
    ],
    ids=["items", "elements", "comments", "CDATA", "entities"],
)
def test_an_excessive_feed_is_refused_with_a_message(feed: str, archive: Archive) -> None:
    with pytest.raises(UnreadableSource, match=r"^feed\.xml: "):
        issue_of(f"<rss><channel>{feed}", "feed.xml", archive)


@pytest.mark.parametrize("name", ["a.md", "a.html", "a.txt", "feed.xml"])
def test_a_line_of_five_megabytes_is_refused(name: str, archive: Archive) -> None:
    with pytest.raises(UnreadableSource, match=rf"The limit is {LARGEST:,}"):
        issue_of("x" * 5_000_000, name, archive)


def test_a_title_may_have_characters_of_every_category(archive: Archive) -> None:
    some: dict[str, str] = {}
    for code in range(sys.maxunicode + 1):
        if len(some.setdefault(unicodedata.category(chr(code)), "")) < 9:
            some[unicodedata.category(chr(code))] += chr(code)
    for category, characters in some.items():
        if category in ("Cs", "Zl", "Zp", "Cc"):  # surrogates are in no file; the others are white space
            continue
        entry = issue_of(f"#### [Maps {characters} and more](https://a.example/)\n\nText.\n", "a.md", archive).entries[
            0
        ]
        assert "Maps" in entry.title
        assert entry.title.endswith("and more")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends_and_byte_orders_make_no_difference(encoding: str, end: str, archive: Archive) -> None:
    text = AROUND.format("- one\n- two")
    expected = [(e.id, e.line) for e in issue_of(text, "a.md", archive).entries]
    mixed = text.replace("\n", end, 3)
    assert [(e.id, e.line) for e in issue_of(mixed.encode(encoding), "a.md", archive).entries] == expected


@pytest.mark.parametrize(
    ("text", "most"),
    [("[[a]]", 2), ("[a] [b] [c]", 1), ("([{<", 4), (")]}>", 0), ("[(]", 2), ("", 0)],
)
def test_simultaneously_open_brackets_are_counted(text: str, most: int) -> None:
    assert bounds.open_at_once(text) == most


def test_the_limits_are_exact(archive: Archive) -> None:
    for deep, told in ((bounds.DEEPEST, 0), (bounds.DEEPEST + 1, 1)):
        issue = issue_of(AROUND.format("> " * deep + "quoted"), "a.md", archive)
        assert sum("levels" in problem.message for problem in issue.problems) == told


def test_repeated_ids_stay_distinct_whatever_they_end_in() -> None:
    assert ids("n", 1, ["a", "a 2", "a", "a", "a 2"]) == ["n/1/a", "n/1/a-2", "n/1/a-3", "n/1/a-4", "n/1/a-2-2"]


def test_a_title_repeated_many_times_does_not_hang() -> None:
    began = time.process_time()
    assert len(set(ids("n", 1, ["a"] * 50_000))) == 50_000
    assert time.process_time() - began < HANGS


def test_a_refusal_is_a_backissue_error(archive: Archive) -> None:
    for raw in (b"\xff\xfe" + b"x" * 3, b"\xef\xbb\xbf", b"\0", b"\xed\xa0\x80", b"\xff\xfe\x00\xd8"):
        with pytest.raises(BackissueError):
            issue_of(raw, "a.md", archive)
