"""A generated kernel clone with the patches of the shipped archive, and the true outcome of each."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from indexer.build.patches import entries_and_dates
from indexer.kernel.commits import subject_key
from indexer.kernel.subjects import parse_subject
from indexer.model import Entry
from indexer.sources.archive import Archive
from tests.kernel.history import MAINTAINER, History, seconds

DAY = 86_400


@dataclass
class MadeUp:
    """The history and the truth: commit and release by entry; `absent` patches were never committed."""

    history: History = field(default_factory=History)
    truth: dict[str, tuple[int, str]] = field(default_factory=dict)
    absent: set[str] = field(default_factory=set)
    kinds: dict[str, str] = field(default_factory=dict)
    taken_over: list[tuple[str, str]] = field(default_factory=list)


def releases(archive: Archive) -> list[tuple[str, int]]:
    wanted = [f"v4.{minor}" for minor in range(10, 19)]
    return [(each.version, seconds(each.released)) for each in archive.facts.releases if each.version in wanted]


def kernel_clone(archive: Archive, folder: Path, *, seed: int, fillers: int = 0) -> tuple[MadeUp, dict[int, str]]:
    """Create a clone with most single patches, in all forms that make matching hard."""
    chance = random.Random(seed)  # noqa: S311 - a test that can be repeated
    entries, dates = entries_and_dates(archive)
    made = MadeUp()
    planned = [(seconds(dates["bpf-updates", 1]) + n * 1_000, None, "filler") for n in range(fillers)]
    newest: dict[tuple[str, tuple[str, ...]], Entry] = {}
    for entry in entries:
        subject = parse_subject(entry.title)
        if entry.kind == "patch" and entry.tree not in ("iproute2", "llvm") and subject.number != 0 and entry.people:
            newest[subject_key(subject.words), entry.people] = entry
    kinds = ["plain"] * 8 + ["folded", "sender", "reverted", "reapplied", "backported", "twin", "stranger", "absent"]
    for entry in newest.values():
        kind = chance.choice(kinds)
        day = dates[entry.newsletter, entry.issue] + timedelta(days=chance.randint(-3, 60))
        planned.append((seconds(day) + chance.randint(0, 40_000), entry, kind))
        made.kinds[entry.id] = kind
    write(made, sorted(planned, key=lambda each: each[0]), releases(archive), chance)
    return made, made.history.save(folder)


def write(made: MadeUp, planned: list, calendar: list[tuple[str, int]], chance: random.Random) -> None:  # type: ignore[type-arg]
    """Write commits and tags in order of time."""
    history = made.history
    history.commit("Linux start", when=calendar[0][1] - DAY)
    left = list(planned)
    for i, (version, released) in enumerate(calendar):
        while left and left[0][0] < released:
            when, entry, kind = left.pop(0)
            if entry is None:
                history.commit(f"subsystem: change number {when}\n\nSigned-off-by: {MAINTAINER}", when=when)
            else:
                plant(made, entry, kind, when, version, chance)
        history.commit(f"Linux {version[1:]}", when=released - 1)
        history.tag(version, released)
        if i:
            backports(made, version, released)


def plant(made: MadeUp, entry: Entry, kind: str, when: int, release: str, chance: random.Random) -> None:
    """Commit a patch in one of several typical forms."""
    history, words, name = made.history, parse_subject(entry.title).words, entry.people[0]
    own = f"{name} <{'.'.join(name.split())}@example.org>"
    signed = f"\n\nWhy and how.\n\nSigned-off-by: {own}\nSigned-off-by: {MAINTAINER}\n"
    if kind in ("absent", "stranger"):
        made.absent.add(entry.id)
        if kind == "stranger":
            other = "Someone Else <else@example.org>"
            history.commit(f"{words}\n\nSigned-off-by: {other}\n", other, when)
        return
    if kind == "folded":
        words = words.replace(",", ", ").replace(" ", "  ", 1)
    author = "Quiet Author <quiet@example.org>" if kind == "sender" else own
    mark = history.commit(words + signed, author, when, sent=when - DAY)
    if kind == "reverted":
        history.commit(f'Revert "{words}"\n\nThis reverts commit {"0" * 40}.\n', when=when + 60)
    if kind == "reapplied":
        history.commit(f'Revert "{words}"\n\nIt broke things.\n', when=when + 60)
        mark = history.commit(words + signed, author, when + 120, sent=when + 90)
    if kind == "twin":
        history.commit(f"{words} and more{signed}", author, when + 5)
    if kind == "backported":
        made.taken_over.append((f"{words}\n\ncommit {mark:040x} upstream.{signed}", author))
    made.truth[entry.id] = (mark, release)


def backports(made: MadeUp, version: str, released: int) -> None:
    """Backport some commits to a stable branch."""
    history, branch = made.history, f"linux-{version[1:]}.y"
    start = history.heads["master"]
    history.commit(f"Linux {version[1:]}.1-rc", when=released + DAY, branch=branch, start=start)
    for message, author in made.taken_over:
        history.commit(message, author, released + DAY, branch=branch)
    made.taken_over.clear()
    history.tag(f"{version}.1", released + 2 * DAY, branch=branch)
