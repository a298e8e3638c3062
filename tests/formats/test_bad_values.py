"""Invalid URLs, dates, numbers and texts affect nothing but themselves."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from html import escape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.controls import INTERPRETED
from indexer.errors import BackissueError, ReaderFailed
from indexer.ingest import Hints, hints_for, parse
from indexer.model import Issue, IssueKey
from indexer.records import to_record
from indexer.sources.archive import Source
from tests.issues import ARCHIVE

HINTS = Hints("bpf-updates", 3, datetime(2017, 6, 1, tzinfo=UTC))
URLS = "http://[::1 http://[ //[ http://a:99999999/ http://xn--/ javascript:x mailto:[ http://a\x00b".split()
DAYS = (
    *"9999999999 0000-00-00 2017-13-45T99:99:99+99:99 10000-01-01 0001-01-01T00:00:00+23:59 1e999 2017-02-30".split(),
    *("Mon, 20 Nov 9999999999 12:00:00 +0000", "2017-01-01 00:00:00 +99:99"),
    *("0001-01-01", "-0001-01-01", "9999-12-31", f"Mon, 20 Nov 2017 16:32:45 +{'9' * 17}"),
)
NUMBERS = ("9" * 5_000, "0x" + "f" * 5_000, ":".join("1" * 30), *"-1 0 nan .inf 1e400 ٣ ² 1_0 0b".split())
TEXTS = (
    *("&#" + "9" * 5_000 + ";", "&" + "a" * 5_000 + ";", "\\ud800", "\x1b[31m", "{a: b}", "{1: 2}"),
    *"&#xD800; &#0; &#x110000; <![CDATA[ ]]> [ { !!python/name:os &a *a [] null true".split(),
)
bad = st.sampled_from([*URLS, *DAYS, *NUMBERS, *TEXTS])
ARTICLE = "Some words stand here so that this is an article. " * 4


def markdown(a: str, b: str, c: str) -> str:
    keys = "title: {0}\nnumber: {1}\ndate: {2}\npath: {0}\nissue: {2}\noriginal_lines: {1}\noriginal_fragments: {0}"
    return f"---\n{keys.format(a, b, c)}\n---\n\n#### [A title {a}]({b})\n\nText {c} by <{a}> [x][{b}]\n\n[{b}]: {a}\n"


def html(a: str, b: str, c: str) -> str:
    of = {"og:title": f"BPF Updates {a}", "og:url": b, "article:published_time": c}
    head = "".join(f'<meta property="{name}" content="{escape(value)}">' for name, value in of.items())
    body = f'<p>{ARTICLE}</p><h4><a href="{escape(a)}">{b}</a></h4><p>{c} <time datetime="{escape(b)}"></time></p>'
    return f"<!doctype html><head>{head}</head><article>{body}</article>"


def feed(a: str, b: str, c: str) -> str:
    item = f"<title>BPF Updates {a}</title><link>{escape(b)}</link><pubDate>{c}</pubDate><description>{ARTICLE}{a}"
    return f"<rss version='2.0'><channel><item>{item}</description></item></channel></rss>"


def atom(a: str, b: str, c: str) -> str:
    item = f"<title>BPF Updates {a}</title><link href='{escape(b)}'/><updated>{c}</updated><content>{ARTICLE}"
    return f"<feed xmlns='http://www.w3.org/2005/Atom' xml:base='{escape(a)}'><entry>{item}</content></entry></feed>"


def text(a: str, b: str, c: str) -> str:
    return f"{c}\n\nBPF Updates {a}\n\n• {b}\n\n{a} at {b}.\n"


def toml(a: str, b: str, c: str) -> str:
    return f"+++\ntitle = {a}\nnumber = {b}\ndate = {c}\n+++\n\n- A bullet.\n"


def mail(a: str, b: str, c: str) -> str:
    head = f"From: a@b.example\nSubject: {a}\nDate: {c}\nContent-Type: text/plain; charset={b}\n"
    return head + f"Content-Transfer-Encoding: {a}\n\n{ARTICLE}\n\n{c}\n"


def json_feed(a: str, b: str, c: str) -> str:
    item = {"title": f"BPF Updates {a}", "url": b, "date_published": c, "content_html": f"<p>{ARTICLE}{a}</p>"}
    version = "https://jsonfeed.org/version/1.1"
    return json.dumps({"version": version, "title": a, "language": b, "items": [item, {"title": [c]}, c]})


def rst(a: str, b: str, c: str) -> str:
    return f":date: {c}\n:title: {a}\n\n{b}. one\n\n.. |x| unicode:: {c}\n\n{a} |x| `t <{b}>`_\n"


WRITERS: dict[str, Callable[[str, str, str], str]] = {
    "a.md": markdown, "a.html": html, "feed.xml": feed, "atom.xml": atom, "a.txt": text,
    "b.md": toml, "a.eml": mail, "feed.json": json_feed, "a.rst": rst,
}  # fmt: skip


@pytest.mark.parametrize("hints", [HINTS, Hints()], ids=["hints", "no hints"])
@pytest.mark.parametrize("name", WRITERS)
def test_no_bad_value_makes_a_reader_fail(name: str, hints: Hints) -> None:
    @settings(max_examples=60, deadline=None)
    @given(bad, bad, bad)
    def read(a: str, b: str, c: str) -> None:
        raw = WRITERS[name](a, b, c).encode("utf-8", "replace")
        try:
            issues = parse(raw, name, ARCHIVE, hints)
        except ReaderFailed:
            raise
        except BackissueError:
            return
        assert all(map(shows_no_control, issues))

    read()


def shows_no_control(issue: Issue) -> bool:
    shown = [issue.title, *map(str, issue.problems), *(str(to_record(entry)) for entry in issue.entries)]
    return not any(INTERPRETED.search(each) for each in shown)


@given(st.sampled_from(["a{}.md", "BPF Updates {}.md", "2017-{}.md", "{}"]), bad)
@settings(deadline=None)
def test_no_file_name_makes_a_reader_fail(pattern: str, value: str) -> None:
    parse(b"# Talks\n\n- [A talk](https://a.example)\n", pattern.format(value), ARCHIVE, HINTS)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text() | bad, lambda inner: st.lists(inner, max_size=2), max_leaves=3
)


@given(date=json_values, name=json_values)
def test_the_options_of_an_original_may_have_any_type(date: object, name: object) -> None:
    class Stored:
        def hints(self, source: Source) -> dict[str, object]:
            return {"date": date, "name": name}

    hints_for(Source(IssueKey("bpf-updates", 3), None), Stored())  # type: ignore[arg-type]
