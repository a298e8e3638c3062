"""Check parsed issues: lost words, problems, and names that need a decision."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations

from rapidfuzz.distance import OSA

from indexer.inferring.findings import Sample
from indexer.kernel.facts import Facts
from indexer.model import Block, Division, Issue, Problem

WORD = re.compile(r"\w+")
FARTHEST = 2
FULL = 2  # words in a full name
SHORTEST = 10  # letters; in shorter names, two edits are too large a difference


@dataclass(frozen=True, slots=True)
class Report:
    """The result of checking an issue: number of lines, entries by kind, boilerplate and problems.

    `sample` is the issue's document if its newsletter's table is to be compared with what `init` would propose.
    """

    issue: Issue
    lines: int
    kinds: Counter[str]
    boilerplate: int
    problems: tuple[Problem, ...]
    sample: Sample | None = None


@dataclass(frozen=True, slots=True)
class NearName:
    """An unknown name within one or two edits of a known one."""

    written: str
    known: str
    distance: int
    where: str


def check(issue: Issue, text: str, words: Counter[str]) -> Report:
    """Check an issue that was read from `text`, whose blocks contain `words`."""
    lost = words - divided_words(issue.division)
    where = str(issue.key)
    vanished = tuple(Problem(where, 0, f"No entry contains the word {word!r}.") for word in sorted(lost))
    return Report(
        issue=issue,
        lines=len(text.splitlines()),
        kinds=Counter(entry.kind for entry in issue.entries),
        boilerplate=len(issue.division.boilerplate),
        problems=(*issue.problems, *vanished),
    )


def words_of(blocks: Iterable[Block]) -> Counter[str]:
    """Count the words of blocks."""
    return Counter(word for block in blocks for word in WORD.findall(block.text))


def divided_words(division: Division) -> Counter[str]:
    """Count the words in the pieces, section names and boilerplate of an issue."""
    return words_of(divided_blocks(division))


def divided_blocks(division: Division) -> Iterator[Block]:
    """Yield each block of a divided issue once."""
    for piece in division.pieces:
        if piece.head is not None and piece.role == "item":
            yield piece.head
        yield from piece.blocks
    yield from division.sections
    yield from division.boilerplate


def near_names(issues: Iterable[Issue], facts: Facts) -> list[NearName]:
    """Return the unknown names with a known prefix that are within one or two edits of a known name.

    Names listed in names.tsv are decided already, as an alias or as a separate name.
    """
    prefixes = common_beginnings(facts)
    known = [name for name in facts.landings if name.startswith(prefixes)]
    first: dict[str, str] = {}
    for issue in issues:
        for entry in issue.entries:
            for name in entry.identifiers:
                if name.startswith(prefixes) and is_unknown(name, facts):
                    first.setdefault(name, entry.id)
    found = []
    for name, where in first.items():
        measured = ((OSA.distance(name, each, score_cutoff=FARTHEST), each) for each in known)
        distance, nearest = min(measured, default=(FARTHEST + 1, ""))
        if distance <= FARTHEST:
            found.append(NearName(name, nearest, distance, where))
    return found


def near_people(issues: Iterable[Issue], facts: Facts) -> list[tuple[str, str]]:
    """Return pairs of similar names that may belong to one person.

    Pairs that people.tsv declares to be different people are left out.
    """
    names = {name for issue in issues for entry in issue.entries for name in entry.people}
    open_ones = sorted(name for name in names if name not in facts.people)
    sharing: dict[str, list[str]] = {}
    for name in open_ones:
        for word in set(parts_of(name)):
            sharing.setdefault(word, []).append(name)
    pairs = {pair for held in sharing.values() for pair in combinations(held, 2)}
    return sorted(pair for pair in pairs if may_be_one(*pair))


def parts_of(name: str) -> list[str]:
    return WORD.findall(name.casefold())


def may_be_one(name: str, other: str) -> bool:
    """Return whether two full names differ only in middle names, or in one word by one letter or its ending."""
    one, two = parts_of(name), parts_of(other)
    if min(len(one), len(two)) < FULL:
        return False
    if set(one) <= set(two) or set(two) <= set(one):
        return True
    differing = [pair for pair in zip(one, two, strict=False) if pair[0] != pair[1]]
    return len(one) == len(two) and len(differing) == 1 and is_slip(*differing[0])


def is_slip(word: str, other: str) -> bool:
    return word.startswith(other) or other.startswith(word) or OSA.distance(word, other) == 1


def is_unknown(name: str, facts: Facts) -> bool:
    return len(name) >= SHORTEST and name not in facts.aliases and facts.landing(name) is None


def common_beginnings(facts: Facts) -> tuple[str, ...]:
    """Return the first parts of the prefixes of identifiers, such as BPF_ for BPF_MAP_TYPE_."""
    return tuple({prefix.partition("_")[0] + "_" for prefix in facts.prefixes.values()})
