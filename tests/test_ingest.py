"""Reading a source: which issue it is, messages if it is none, and entries as JSON and back."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.errors import BackissueError, UnknownIssue, UnreadableSource
from indexer.formats.registry import LARGEST
from indexer.ingest import Hints, parse
from indexer.model import Issue
from indexer.records import from_stored, to_record, to_stored
from tests.issues import ARCHIVE, retold

DATE = datetime(2017, 5, 24, tzinfo=UTC)
SHELL = b"<!doctype html><html><head><title>BPF updates 21</title></head><body><div id='root'></div></body></html>"
KEYS = (
    "newsletter issue n id kind title url author section parent body identifiers helpers kernel topics locator "
    "original_url source_url archived_url"
).split()


@pytest.mark.parametrize(
    ("name", "raw", "error", "said"),
    [
        ("empty.md", b"", UnreadableSource, "The file is empty"),
        ("blank.md", b"\n \n", UnreadableSource, "The file is empty"),
        ("image.md", b"\x89PNG\r\n\x1a\n\x00\x00", UnreadableSource, "an image, which cannot be read"),
        ("zeros.md", b"text\x00\x00text", UnreadableSource, "This is a binary file"),
        ("latin.md", "Björn Töpel".encode("latin-1"), UnreadableSource, "Save the file as UTF-8"),
        ("large.md", b"x" * (LARGEST + 1), UnreadableSource, "The limit is"),
        ("shell.html", SHELL, UnreadableSource, "no article.*Save the page from a browser.*or add"),
        ("feed.xml", b"<rss><channel></channel></rss>", UnreadableSource, "add these pages or their sources"),
        ("some.md", b"# A title\n\nText.\n", UnknownIssue, "Name it with --newsletter NAME"),
        ("other.md", b"---\nnewsletter: bpf-updates\n---\nText.\n", UnknownIssue, "Give it with --issue NUMBER"),
    ],
)
def test_a_source_that_is_not_an_issue_is_reported_with_its_name_and_what_to_do(
    name: str, raw: bytes, error: type[BackissueError], said: str
) -> None:
    with pytest.raises(error, match=rf"^{name}: .*{said}"):
        parse(raw, name, ARCHIVE)


@pytest.mark.shared
def test_a_page_without_its_article_is_reported(shared: Path) -> None:
    path = shared / "originals-html" / "bpf-updates-13.as-served.html"
    with pytest.raises(UnreadableSource, match=r"as-served\.html: .*no article"):
        parse(path.read_bytes(), path.name, ARCHIVE)


def test_the_user_s_options_fill_in_what_the_source_lacks() -> None:
    (issue,) = parse(b"## Projects\n\nSome text.\n", "a.md", ARCHIVE, Hints("another-one", 3, DATE))
    assert (issue.newsletter, issue.label, issue.date) == ("another-one", 3, DATE)


@pytest.mark.parametrize(
    ("hints", "says"),
    [
        (Hints(label=9), "it is issue 8, not 9"),
        (Hints(newsletter="lwkd"), "it is an issue of bpf-updates, not of lwkd"),
    ],
)
def test_an_option_that_contradicts_the_source_is_refused(hints: Hints, says: str) -> None:
    raw = b"---\nnewsletter: bpf-updates\nnumber: 8\ndate: 2016-01-01\n---\n\nSome text.\n"
    with pytest.raises(UnknownIssue, match=says):
        parse(raw, "a.md", ARCHIVE, hints)


@pytest.mark.parametrize(
    "head",
    [
        "newsletter: bpf-updates\nnumber: 21\ndate: 2017-05-24",
        "title: BPF Updates 21\ndate: 2017-05-24",
        "title: An issue\npath: /blog/2017/5/24/bpf-updates-21\ndate: '2017-05-24T00:00:00.000Z'",
        "title: BPF weekly updates 21\ndate: 2017-05-24T02:00:00+02:00",
    ],
)
def test_the_issue_is_identified_by_front_matter_title_or_url(head: str) -> None:
    (issue,) = parse(f"---\n{head}\n---\n\nSome text.\n".encode(), "a.md", ARCHIVE)
    assert (issue.newsletter, issue.label, issue.date) == ("bpf-updates", 21, DATE)


def test_an_issue_without_entries_is_a_problem_and_not_an_error() -> None:
    (issue,) = parse(b"---\ntitle: BPF updates 21\ndate: 2017-05-24\n---\n\n## Talks\n", "a.md", ARCHIVE)
    assert issue.entries == ()
    assert [str(problem) for problem in issue.problems] == ["a.md: No entries were found in this issue."]


def test_line_ends_and_a_byte_order_mark_change_nothing() -> None:
    text = "---\ntitle: BPF updates 21\ndate: 2017-05-24\n---\n\nOne.\n\n- Two\n"
    (plain,) = parse(text.encode(), "a.md", ARCHIVE)
    (other,) = parse(text.replace("\n", "\r\n").encode("utf-8-sig"), "a.md", ARCHIVE)
    assert other.entries == plain.entries


def outcome(raw: bytes, name: str) -> list[Issue] | str:
    try:
        return parse(raw, name, ARCHIVE, Hints("bpf-updates", 21, DATE))
    except BackissueError as error:
        return str(error)


@settings(deadline=None, max_examples=60)
@given(st.text(max_size=200), st.sampled_from(["a.md", "a.html", "a.txt", "a"]))
def test_any_text_gives_an_issue_or_a_backissue_error(text: str, name: str) -> None:
    found = outcome(text.encode("utf-8", "replace"), name)
    assert found.startswith(f"{name}: ") if isinstance(found, str) else len(found) == 1


@settings(deadline=None, max_examples=60)
@given(st.binary(max_size=200))
def test_any_bytes_give_an_issue_or_a_backissue_error(raw: bytes) -> None:
    found = outcome(raw, "a.md")
    assert found.startswith("a.md: ") if isinstance(found, str) else len(found) == 1


@pytest.mark.parametrize("number", [2, 13])
def test_an_entry_is_restored_from_its_stored_form(number: int) -> None:
    for entry in retold(number).entries:
        assert from_stored(json.loads(json.dumps(to_stored(entry)))) == entry


def test_a_record_has_the_keys_that_measurements_rely_on() -> None:
    record = to_record(retold(13).entries[4])
    assert set(KEYS) <= set(record)
    assert {"version", "how"} <= set(record["kernel"][0])
    assert record["id"] == "bpf-updates/13/new-helper-function-bpf-getsockops"


def test_the_day_in_the_first_lines_is_the_date_of_an_issue_without_another() -> None:
    items = "".join(f'<li><a href="https://e.org/{n}">A text on the river number {n}</a></li>' for n in range(9))
    page = f"<!doctype html><title>ZZ</title><article><p>(Issue 603, March 28 2024)</p><ul>{items}</ul></article>"
    [issue] = parse(page.encode(), "issue-603.html", ARCHIVE, Hints("zz"))
    assert (issue.label, issue.date) == (603, datetime(2024, 3, 28, tzinfo=UTC))


def test_the_name_of_a_section_that_the_table_lacks_gives_the_kind_of_its_entries() -> None:
    text = "---\ndate: 2024-03-28\n---\n\n## Podcasts\n\n- [On rivers](https://e.org/1)\n\n## Termine\n\n"
    [issue] = parse(f"{text}- [Am Fluss](https://e.org/2)\n".encode(), "1.md", ARCHIVE, Hints("zz"))
    assert [entry.kind for entry in issue.entries] == ["talk", "event"]
