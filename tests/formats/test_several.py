"""An item of a feed or mailbox that reaches a limit costs only itself."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from indexer import ingest
from indexer.build import workers
from indexer.build.workers import can_fork, in_worker
from indexer.cli import cli
from indexer.errors import UnreadableSource
from indexer.formats import registry
from indexer.formats.contained import apart
from indexer.formats.several import MOST, each_read, named
from indexer.ingest import Hints, parse
from indexer.model import Issue
from tests.archives import found, small
from tests.issues import ARCHIVE

pytestmark = pytest.mark.skipif(not can_fork(), reason="this process cannot be copied")
ARTICLE = "Some words stand here so that this is an article. " * 4
ITEM = "<item><title>BPF Updates {}</title><pubDate>Mon, 20 Nov 2017</pubDate><description>{}</description></item>"
MESSAGE = "From a Mon Nov 20 16:32:45 2017\nFrom: a@b.example\nSubject: BPF Updates {}\nDate: 20 Nov 2017\n\n{}\n\n"
HOSTILE = "A hostile item. "


def spin() -> None:
    while True:
        pass


def fill() -> None:
    held = [bytearray(10_000_000) for _ in range(1_000)]
    held.clear()


def compute() -> None:
    sum(itertools.repeat(0))  # in C, which runs no handler of signals


def feed(*hostile: int) -> bytes:
    items = (ITEM.format(n, (HOSTILE if n in hostile else "") + ARTICLE) for n in range(1, 7))
    return f"<rss><channel>{''.join(items)}</channel></rss>".encode()


def mailbox(*hostile: int) -> bytes:
    return "".join(MESSAGE.format(n, (HOSTILE if n in hostile else "") + ARTICLE) for n in range(1, 7)).encode()


@pytest.fixture
def act(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[], None], str], None]:
    """Return a function that lets reading or dividing a hostile item do something."""
    monkeypatch.setattr(workers, "SECONDS", 2)  # a copy of a large process needs more than half of one to begin

    def arrange(does: Callable[[], None], step: str) -> None:
        module, name = (ingest, "divide") if step == "divide" else (registry, step)
        usual = getattr(module, name)

        def hostile(source: object, *args: object) -> object:
            if HOSTILE in (str(source) if step != "read_mail" else source.decode()):  # type: ignore[attr-defined]
                does()
            return usual(source, *args)

        monkeypatch.setattr(module, name, hostile)

    return arrange


def issues(raw: bytes, name: str) -> list[Issue]:
    return in_worker(lambda where: parse(raw, where, ARCHIVE, Hints("bpf-updates")), name)


@pytest.mark.parametrize(
    ("raw", "name", "step"),
    [(feed(2), "f.xml", "read_html"), (mailbox(2), "m.mbox", "read_mail"), (feed(2), "f.xml", "divide")],
    ids=["page", "message", "dividing"],
)
@pytest.mark.parametrize(("does", "why"), [(spin, "2 seconds"), (fill, "300 MB of memory")])
def test_an_item_at_a_limit_costs_only_itself(
    raw: bytes, name: str, step: str, does: Callable[[], None], why: str, act: Callable[..., None]
) -> None:
    act(does, step)
    read = issues(raw, name)
    assert [issue.label for issue in read] == [1, 3, 4, 5, 6]
    (problem,) = [str(each) for each in read[0].problems if "left out" in each.message]
    assert "'BPF Updates 2'" in problem
    assert why in problem


def test_an_item_that_cannot_be_interrupted_is_killed_with_its_source(act: Callable[..., None]) -> None:
    act(compute, "read_html")
    with pytest.raises(UnreadableSource, match=r"^f\.xml: Reading it took more than 2 seconds"):
        issues(feed(2), "f.xml")


def test_what_follows_an_item_has_its_own_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "SECONDS", 1.5)

    def make(where: str) -> str:
        for _ in range(2):
            with apart(where):
                use(0.7)
        use(0.7)
        return "made"

    assert in_worker(make, "f.xml") == "made"


def use(seconds: float) -> None:
    """Take some CPU time."""
    end = time.process_time() + seconds
    while time.process_time() < end:
        pass


@pytest.mark.parametrize("step", ["read_html", "divide"])
def test_a_source_of_many_slow_items_is_given_up(step: str, act: Callable[..., None]) -> None:
    act(spin, step)
    with pytest.raises(UnreadableSource, match=r"^f\.xml: Reading it took more than 2 seconds"):
        issues(feed(1, 2, 3, 5), "f.xml")


@pytest.mark.parametrize("step", ["read_html", "divide"])
def test_add_names_the_item_and_adds_the_others(step: str, act: Callable[..., None], tmp_path: Path) -> None:
    act(spin, step)
    archive = small(tmp_path)
    path = tmp_path / "f.xml"
    path.write_bytes(feed(2))
    places = ["--archive", str(archive.folder), "--data", str(archive.data)]
    result = CliRunner().invoke(cli, ["add", *places, str(path)])
    assert result.exit_code == 1
    assert "5 added, 1 left out" in result.stderr
    assert "'BPF Updates 2'" in result.stderr
    assert "2 seconds" in result.stderr
    assert len(found(archive, "article")) == 5


def added(raw: bytes, tmp_path: Path) -> str:
    """Return the messages of `add` about a file."""
    archive = small(tmp_path)
    path = tmp_path / "f.xml"
    path.write_bytes(raw)
    result = CliRunner().invoke(cli, ["add", "--archive", str(archive.folder), "--data", str(archive.data), str(path)])
    assert result.exit_code == 1
    return result.stderr


def refuse() -> None:
    raise UnreadableSource("f.xml: It is damaged.")


def test_add_says_why_no_item_can_be_read(act: Callable[..., None], tmp_path: Path) -> None:
    act(refuse, "divide")
    said = added(feed(*range(1, 7)), tmp_path)
    assert said.count("was left out: It is damaged.") == 6
    assert "No item of the feed is an issue" not in said


def test_add_names_items_that_cannot_be_read_if_the_others_are_no_issues(tmp_path: Path) -> None:
    deep = ITEM.format(1, "&lt;div&gt;" * 300 + ARTICLE)
    other = ITEM.format(2, ARTICLE).replace("BPF Updates", "A holiday")
    said = added(f"<rss><channel>{deep}{other}</channel></rss>".encode(), tmp_path)
    assert "f.xml: Item 1, 'BPF Updates 1', was left out: The page was not read" in said
    assert "f.xml: No item of the feed is an issue of a known newsletter" in said


@pytest.mark.parametrize(
    ("item", "name"),
    [
        ("<html><title>A &lt;b&gt;\x1b title</title>", ", 'A <b> title',"),
        (b"<html><title>A title</title>", ", 'A title',"),
        (b"From: a\nSubject: =?utf-8?q?A_letter_=2342?=\n\ntext", ", 'A letter #42',"),
        (b"From: a\nSubject: =?nowhere?q?A?=\n\ntext", ", '=?nowhere?q?A?=',"),
        (b"From: a\nsubject: A\n\ntext", ", 'A',"),
        (b"From: a\n\ntext", ""),
    ],
)
def test_an_item_is_named_by_its_title(item: str | bytes, name: str) -> None:
    assert named(item) == name


def test_the_number_of_items_is_limited() -> None:
    read: list[bytes] = []

    def refuse(item: bytes) -> None:
        read.append(item)
        if len(read) > 1:
            raise UnreadableSource("m.mbox: It has no text.")

    _, problems = each_read(refuse, [b""] * (MOST + 20), "m.mbox")
    assert len(read) == MOST
    assert problems[-1].message.endswith("more problems of this kind follow.")
    _, problems = each_read(lambda item: item, [b""] * (MOST + 20), "m.mbox")
    assert [str(each) for each in problems] == [
        "m.mbox: Item 10001, like what follows it, was left out: The limit is 10,000 items."
    ]
