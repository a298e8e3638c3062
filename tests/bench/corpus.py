"""The indexed entries: the archive's own issues, or synthetic ones made of its words, from a seed."""

from __future__ import annotations

import random
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import count, pairwise
from pathlib import Path

from indexer.build.parsing import issue_from
from indexer.dividing.locators import slug
from indexer.kernel.identifiers import identifiers_in
from indexer.model import Block, Division, Entry, Issue, Link
from indexer.sources.archive import Archive

ROOT = Path(__file__).resolve().parents[2]
ISSUE_SIZE = 100  # entries; the archive's issues have 20 to 260
WEEK = timedelta(days=7)
GOES_ON = 0.5  # share of words that are followed by a word that really follows them
COINED = 0.5  # share of new identifiers, made from parts of others, because a larger archive has more names
FEWEST_PARTS, MOST_PARTS = 2, 4
TAG = re.compile(r"^(?:\[[^\]]*\]\s*)+")
DIGITS = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class Words:
    """The words of one kind of entry by frequency, the words that follow each, and parts of identifiers."""

    drawn: Sequence[str]
    next: dict[str, list[str]]
    parts: Sequence[str]

    def text(self, rng: random.Random, length: int) -> str:
        """Return a text with a number of words."""
        words: list[str] = []
        for _ in range(length):
            followers = self.next.get(words[-1]) if words and rng.random() < GOES_ON else None
            words.append(rng.choice(followers or self.drawn))
        return " ".join(self.named(rng, word) for word in words)

    def named(self, rng: random.Random, word: str) -> str:
        """Return a word, or sometimes a new identifier."""
        if "_" not in word or rng.random() >= COINED:
            return word
        return "_".join(rng.choice(self.parts) for _ in range(rng.randint(FEWEST_PARTS, MOST_PARTS)))


def shipped(data: Path) -> Archive:
    """Return the shipped archive with a data folder."""
    return Archive(ROOT / "archive", data)


def archive_issues(archive: Archive) -> list[Issue]:
    """Return the issues of an archive."""
    found = (issue_from(source, archive, []) for source in archive.sources())
    return [issue for issue in found if issue]


def synthetic(real: Sequence[Issue], size: int, seed: int) -> Iterator[Issue]:
    """Yield issues, a week apart, with `size` entries in total. The same seed gives the same issues."""
    rng = random.Random(seed)  # noqa: S311
    templates = [entry for issue in real for entry in issue.entries]
    words = words_by_kind(templates)
    for number in count(1):
        left = size - (number - 1) * ISSUE_SIZE
        if left <= 0:
            return
        drawn = (rng.choice(templates) for _ in range(min(left, ISSUE_SIZE)))
        entries = nested(made(rng, entry, words[entry.kind], number, n) for n, entry in enumerate(drawn, 1))
        date = real[0].date + WEEK * (number - 1)
        yield Issue(
            real[0].newsletter, number, f"Synthetic issue {number}", date, None, "retold",
            tuple(entries), Division((), (), ()),
        )  # fmt: skip


def words_by_kind(entries: Iterable[Entry]) -> dict[str, Words]:
    """Return the words of each kind of entry."""
    texts: dict[str, list[list[str]]] = defaultdict(list)
    parts: dict[str, None] = {}
    for entry in entries:
        texts[entry.kind] += [TAG.sub("", text).split() for text in {entry.title: 0, entry.body: 0}]
        parts |= dict.fromkeys(part for name in entry.identifiers for part in re.findall(r"[A-Za-z]+", name))
    return {kind: Words([w for t in held for w in t], followers(held), tuple(parts)) for kind, held in texts.items()}


def followers(texts: Iterable[Sequence[str]]) -> dict[str, list[str]]:
    """Return the words that follow each word, by frequency."""
    found: dict[str, list[str]] = defaultdict(list)
    for text in texts:
        for word, behind in pairwise(text):
            found[word].append(behind)
    return found


def made(rng: random.Random, template: Entry, words: Words, number: int, n: int) -> Entry:
    """Return a synthetic entry with the structure of a real one."""
    tag = TAG.match(template.title)
    drawn = words.text(rng, max(1, len(TAG.sub("", template.title).split())))
    title = f"{tag[0].strip()} {drawn}" if tag else drawn
    same = template.body == template.title
    body = title if same else words.text(rng, len(template.body.split()))
    block = Block("paragraph", body)
    return replace(
        template,
        issue=number, n=n, id=f"{template.newsletter}/{number}/{slug(title)}-{n}", locator=title,
        title=title, body=body, blocks=(block,), identifiers=identifiers_in((Block("paragraph", title), block)),
        helpers=(), names=(), links=tuple(renumbered(rng, link) for link in template.links),
    )  # fmt: skip


def renumbered(rng: random.Random, link: Link) -> Link:
    """Return a link with other digits, if it has any."""
    url = DIGITS.sub(lambda found: "".join(rng.choice("0123456789") for _ in found[0]), link.url)
    return Link(url, url, "", None)


def nested(entries: Iterable[Entry]) -> Iterator[Entry]:
    """Yield the entries of an issue. Nested ones are placed under the last patch that is not nested."""
    cover: str | None = None
    for entry in entries:
        if entry.kind == "patch" and entry.parent is None:
            cover = entry.id
        yield replace(entry, parent=cover if entry.parent else None)
