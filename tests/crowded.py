"""An archive with very long lists of issues, authors, names, series, versions and topics."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

from indexer.model import Block, Division, Entry, Issue, Version
from indexer.sources.archive import Archive
from tests.bench.writing import write
from tests.conftest import SHIPPED

NEWSLETTER = "bpf-updates"
ISSUE_SIZE = 100
PERSON = "Ada Crowd"
NAME = "bpf_crowded_name"
FIRST = date(2000, 1, 3)
TOPICS = ("xdp", "maps", "verifier")
WORDS = "a helper for programs that count packets of a socket while a map is resized by another processor".split()


def crowded(folder: Path, size: int) -> Archive:
    """Return an indexed archive with a number of entries: half in issues of a hundred, half in one issue."""
    archive = Archive(SHIPPED, folder)
    write(archive, issues(size))
    return archive


def issues(size: int) -> Iterator[Issue]:
    """Yield the issues, a week apart."""
    held = [range(size // 2), *(range(at, min(at + ISSUE_SIZE, size)) for at in range(size // 2, size, ISSUE_SIZE))]
    for number, numbers in enumerate(held, 1):
        entries = tuple(entry(number, n, each) for n, each in enumerate(numbers, 1))
        day = FIRST + timedelta(weeks=number)
        title = f"A crowded issue, number {number}"
        yield Issue(NEWSLETTER, number, title, day, None, "retold", entries, Division((), (), ()))


def entry(issue: int, n: int, number: int) -> Entry:
    """Return an entry. Two of five are patches, one of them below a cover letter; the others have long texts."""
    words = " ".join(WORDS[(number + at) % len(WORDS)] for at in range(7))
    patch = number % 5 in (0, 1)
    title = f"[PATCH v{1 + number % 3} {number % 5}/1] bpf: {words} {number}" if patch else f"{words} {number}"
    body = title if patch else f"{title}. {NAME} and others do it. {' '.join(WORDS * 3)}."
    person = PERSON if number % 2 else f"Person Number{number // 7}"
    made = Entry(
        NEWSLETTER, issue, n, f"{NEWSLETTER}/{issue}/crowded-{n}", title, "patch" if patch else "article", title, body,
        url=f"https://example.org/{number if number % 3 else 'same'}", author=person, people=(person,),
        section=("Patches" if patch else "Articles",), tree="net-next" if patch else None,
        identifiers=(NAME, f"bpf_number_{number // 3}"), facet="kernel", topics=(TOPICS[number % 3],),
        versions=(Version("v4.15", "stated", "It says so."),), blocks=(Block("paragraph", body),),
    )  # fmt: skip
    return replace(made, parent=f"{NEWSLETTER}/{issue}/crowded-{n - 1}") if number % 5 == 1 and n > 1 else made
