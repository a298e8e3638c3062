"""One bad item, header, date or file name in a source costs only itself."""

from __future__ import annotations

import json
import os
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from indexer.collecting.parts import parts_held
from indexer.errors import UnreadableSource
from indexer.formats.dates import as_date, day_in
from indexer.ingest import Hints, parse
from indexer.records import to_record
from indexer.sources.given import Given
from tests.issues import ARCHIVE

HINTS = Hints("bpf-updates", 3, datetime(2017, 6, 1, tzinfo=UTC))
ARTICLE = "Some words stand here so that this is an article. " * 4
GOOD_ITEM = f"<item><title>BPF Updates 4</title><description>{ARTICLE}</description></item>"
DEEP_ITEM = f"<item><title>BPF Updates 3</title><description><![CDATA[{'<div>' * 500}{ARTICLE}]]></description></item>"
ENVELOPE = "From a Mon Nov 20 16:32:45 2017\n"
EMPTY = f"{ENVELOPE}From: a@b.example\n\n"


def message(subject: str = "BPF Updates 4", date: str = "Mon, 20 Nov 2017 16:32:45 +0000", kind: str = "") -> str:
    return f"From: a@b.example\nSubject: {subject}\nDate: {date}\nContent-Type: text/plain{kind}\n\n{ARTICLE}\n\n"


def test_an_item_of_a_feed_that_cannot_be_read_leaves_the_others() -> None:
    (issue,) = parse(f"<rss><channel>{DEEP_ITEM}{GOOD_ITEM}".encode(), "feed.xml", ARCHIVE, Hints())
    assert issue.label == 4
    assert any(
        str(each).startswith("feed.xml: Item 1, 'BPF Updates 3', was left out: The page was not")
        for each in issue.problems
    )


def test_a_message_of_a_mailbox_that_cannot_be_read_leaves_the_others() -> None:
    raw = ENVELOPE + message() + EMPTY * 40
    (issue,) = parse(raw.encode(), "a.mbox", ARCHIVE, Hints("bpf-updates"))
    told = [each.message for each in issue.problems if "left out" in each.message or "more" in each.message]
    assert len(told) == 21
    assert told[-1] == "20 more problems of this kind follow."


@pytest.mark.parametrize(
    "raw",
    [
        message(kind="; charset=idna"),
        message(kind='; charset="\0"'),
        message(subject="(" * 5_000),
        message(date="(" * 5_000),
        message(date=f"Mon, 20 Nov 2017 16:32:45 +{'9' * 17}"),
    ],
    ids=["encoding", "NUL", "subject", "date", "time zone"],
)
def test_a_header_of_a_message_costs_only_itself(raw: str) -> None:
    assert parse(raw.encode(), "a.eml", ARCHIVE, Hints("bpf-updates", 4))[0].entries


def test_an_extension_of_a_feed_costs_only_itself() -> None:
    chapter = "<psc:chapters version='1.1'><psc:chapter title='x'/></psc:chapters>"
    of = "xmlns:psc='http://podlove.org/simple-chapters'"
    raw = f"<rss {of}><channel>{GOOD_ITEM.replace('</item>', f'{chapter}</item>')}</channel></rss>"
    assert parse(raw.encode(), "feed.xml", ARCHIVE, Hints())[0].label == 4


def test_a_post_of_a_ghost_export_costs_only_itself() -> None:
    good = {"title": "BPF Updates 4", "html": f"<p>{ARTICLE}</p>", "published_at": 5}
    data = {"settings": [None, {"key": ["a"], "value": 1}], "posts": [None, 5, {"title": [1]}, good]}
    (issue,) = parse(json.dumps({"db": [{"data": data}]}).encode(), "a.ghost.json", ARCHIVE, Hints())
    assert issue.label == 4


def test_half_a_character_of_a_json_feed_costs_only_itself() -> None:
    item = {"title": "BPF Updates 4 \ud800", "url": "https://a.example/\udfff", "content_html": f"<p>{ARTICLE}\ud800"}
    raw = json.dumps({"version": "https://jsonfeed.org/version/1", "title": "\ud800", "items": [item]})
    (part,) = parts_held(raw.encode(), Given("feed.json", "feed.json"))
    assert part.document.title == "BPF Updates 4 \ufffd"


def test_an_issue_of_more_items_than_the_limit_is_read_up_to_it() -> None:
    long = f"%%% item file: long.md\n# A\n\n{'a b. ' * 3_900}\n\n{'c d. ' * 3_900}\n"
    raw = long + "".join(f"%%% item file: {n}/a.md\n# t\n\ntext\n" for n in range(600))
    (issue,) = parse(raw.encode(), "1.items", ARCHIVE, Hints("other", 4))
    assert any("after 1,000 blocks" in each.message for each in issue.problems)


def test_the_limit_of_blocks_is_reported_once() -> None:
    bullets = "".join(f"- x {n}\n" * 2 + "\n\n\nAnd then.\n\n" for n in range(1_200))
    (issue,) = parse(bullets.encode(), "a.md", ARCHIVE, HINTS)
    (problem,) = [each for each in issue.problems if "after 1,000 blocks" in each.message]
    assert problem.line


def test_a_number_of_a_json_feed_costs_only_itself() -> None:
    item = {"title": "BPF Updates 4", "content_html": f"<p>{ARTICLE}</p>", "size": 0}
    raw = json.dumps({"version": "https://jsonfeed.org/version/1", "items": [item]}).replace("0}", f"{'9' * 5_000}}}")
    assert parse(raw.encode(), "feed.json", ARCHIVE, Hints())[0].label == 4


@pytest.mark.parametrize("key", ["title", "number", "date", "lang"])
def test_a_number_too_long_to_print_costs_only_itself(key: str) -> None:
    raw = f"+++\nlayout = 'x'\n{key} = 0x{'f' * 5_000}\n+++\n\n- A bullet.\n"
    assert parse(raw.encode(), "a.md", ARCHIVE, HINTS)[0].entries


@pytest.mark.parametrize("raw", ["\n\n".join("  " * n + "a" for n in range(900)), "- " * 900 + "a"])
def test_a_text_that_nests_too_deeply_is_refused_with_a_message(raw: str) -> None:
    with pytest.raises(UnreadableSource, match="nest too deeply"):
        parse(raw.encode(), "a.rst", ARCHIVE, HINTS)


def test_a_page_with_hundreds_of_invalid_links_has_few_problems() -> None:
    links = "".join(f'<a href="http://[{n}{"x" * 999}">a</a> ' for n in range(500))
    (issue,) = parse(f"<html><body><p>{ARTICLE}{links}</p>".encode(), "a.html", ARCHIVE, HINTS)
    assert len(issue.problems) == 21
    assert max(len(each.message) for each in issue.problems) < 300


def test_a_url_or_title_of_megabytes_costs_only_itself() -> None:
    link, title = f'<p>A <a href="https://a.example/{"x" * 900_000}">link</a></p>', "word " * 100_000
    page = f"<html><head><title>{title}</title></head><body><article><p>{ARTICLE}</p>{link}</article></body></html>"
    (issue,) = parse(page.encode(), "a.html", ARCHIVE, HINTS)
    assert len(issue.entries) == 2
    assert len(str([to_record(entry) for entry in issue.entries])) < 5_000
    assert len(issue.title) < 600
    (problem,) = issue.problems
    assert problem.message.endswith("link was kept as text.")


def test_restructuredtext_reads_no_file(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.png")  # reading it would wait for ever
    raw = "".join(f".. image:: {name}\n   :loading: embed\n\n" for name in (tmp_path / "a.png", tmp_path / "b.png"))
    (issue,) = parse(f"{raw}{ARTICLE}\n".encode(), "a.rst", ARCHIVE, HINTS)
    assert issue.entries
    assert not issue.problems


@pytest.mark.parametrize("day", ["0001-01-01", "0999-12-31", "3000-01-01", "9999-12-31"])
def test_a_date_near_the_ends_of_the_calendar_is_no_date(day: str) -> None:
    assert as_date(day) is None
    assert as_date(date.fromisoformat(day)) is None
    assert day_in(f"on {day}") is None
