"""Find boilerplate: paragraphs that repeat in many issues, as patterns for the table."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

from indexer.dividing.authors import CONTACT, name_alone
from indexer.dividing.formulas import is_formula
from indexer.dividing.shaped import divide_by_shape, is_introduction
from indexer.dividing.tree import is_bold_line
from indexer.inferring.announcing import announces
from indexer.inferring.findings import Finding, Sample, counted, number_of
from indexer.model import Block, Newsletter

FEWEST = 3  # issues that must contain the paragraph
SHARE = 0.15  # minimum share of the issues
WORDS = 4  # that must be equal at the beginning of the paragraphs
ENDING = 3
SHORT = 25
AGREE = 0.8
MOST = 30
HABIT = 0.3  # of the issues, at the least
HALF = 0.5
EDGE = 6  # blocks at the beginning and end of an issue
LONGEST = 200  # characters
DIGITS = re.compile(r"\d+")
# A word, or two characters of Chinese or Japanese, which is written without spaces.
WORD = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]{1,2}|[^\s\u3040-\u30ff\u3400-\u9fff]+")
REPEATED = ("paragraph", "quote")

Group = list[tuple[int, Block]]


def boilerplate_of(samples: Sequence[Sample]) -> list[Finding]:
    """Return one finding with the patterns of all repeated paragraphs, or none."""
    groups: dict[tuple[str, ...], Group] = defaultdict(list)
    for n, sample in enumerate(samples):
        blocks = sample.document.blocks
        for block in (each for i, each in enumerate(blocks) if is_prose(each) and not announces(blocks, i)):
            groups[tuple(folded(block)[:WORDS])].append((n, block))
    fewest = max(FEWEST, SHARE * len(samples))
    again = {key: group for key, group in groups.items() if len(key) == WORDS and is_repeated(group, fewest)}
    patterns = [(opening(group), issues_in(group)) for group in again.values()]
    left = [(n, block) for key, group in groups.items() if key not in again for n, block in group]
    patterns += list(by_both_ends(left, fewest))
    known = re.compile("|".join(f"(?:{pattern})" for pattern, _ in patterns) or "(?!)")
    patterns += [(pattern, count) for text, pattern, count in the_same(samples) if not known.search(text)]
    if not patterns:
        return []
    patterns = sorted(set(patterns), key=lambda pair: (-pair[1], pair[0]))[:MOST]
    first, count = patterns[0]
    why = (
        f"Found {number_of('paragraph', len(patterns))} in many issues, "
        f"such as {first!r} in {counted(count, len(samples))}."
    )
    return [Finding("boilerplate", [pattern for pattern, _ in patterns], why, 0.9)]


def introductions_of(samples: Sequence[Sample], newsletter: Newsletter) -> list[Finding]:
    """Return the finding that introductions are boilerplate, if the newsletter usually opens with some."""
    opened = 0
    for sample in samples:
        pieces = divide_by_shape(sample.document, newsletter).pieces
        first = pieces[0] if len(pieces) >= FEWEST else None
        opened += first is not None and first.role == "commentary" and is_introduction(first.blocks)
    if not opened or opened < HABIT * len(samples):
        return []
    why = f"Found such paragraphs in {counted(opened, len(samples))}."
    return [Finding("introductions", "boilerplate", why, 0.7)]


def is_prose(block: Block) -> bool:
    """Return whether a block is a paragraph or quotation outside lists that matches no formula and names no author."""
    if block.kind not in REPEATED or block.depth:
        return False
    return not (is_formula(block) or is_bold_line(block) or CONTACT.match(block.text) or name_alone(block))


def folded(block: Block) -> list[str]:
    """Return the words of a block with each number replaced by one symbol."""
    return WORD.findall(DIGITS.sub("0", block.text.casefold()))


def issues_in(group: Group) -> int:
    return len({n for n, _ in group})


def is_repeated(group: Group, fewest: float) -> bool:
    """Return whether paragraphs with the same opening are in many issues and link to nothing issue-specific."""
    if issues_in(group) < fewest or len(group) > 2 * issues_in(group):
        return False
    linked = [frozenset(span.url for span in block.links()) for _, block in group]
    again = Counter(url for urls in linked for url in urls)
    plain = sum(not urls or all(again[url] > 1 for url in urls) for urls in linked)
    return plain >= AGREE * len(group)


def opening(group: Group) -> str:
    """Return the pattern of the common opening of nearly all paragraphs of a group."""
    lists = [[*WORD.finditer(block.text)] for _, block in group]
    begun = ""
    for k in range(12):
        counts = Counter(DIGITS.sub("0", each[k].string[: each[k].end()]) for each in lists if len(each) > k)
        text, count = counts.most_common(1)[0] if counts else ("", 0)
        if count < AGREE * len(lists):
            break
        begun = text
    if not begun:
        begun = " ".join(re.sub(r"\W+$", "", word[0]) for word in lists[0][:WORDS])
    return "^" + as_pattern(begun)


def as_pattern(text: str) -> str:
    return re.sub(r"0+", r"\\d+", re.escape(text).replace(r"\ ", " ").replace(r"\-", "-"))


def the_same(samples: Sequence[Sample]) -> Iterable[tuple[str, str, int]]:
    """Yield texts, with their patterns, that only differ in numbers and links in at least half of the issues.

    Such as "70 requests were merged", and "Discuss on the forum" at the end. Short texts only count near the ends of
    issues, because "Read more" belongs to an item.
    """
    groups: dict[str, Group] = defaultdict(list)
    for n, sample in enumerate(samples):
        blocks = sample.document.blocks
        for i, block in enumerate(blocks):
            if (
                is_prose(block)
                and not announces(blocks, i)
                and (len(folded(block)) >= WORDS or not EDGE <= i < len(blocks) - EDGE)
            ):
                groups[DIGITS.sub("0", block.text)].append((n, block))
    for text, group in groups.items():
        count = issues_in(group)
        if count >= max(FEWEST, HALF * len(samples)) and len(group) <= 2 * count and len(text) <= LONGEST:
            yield group[0][1].text, f"^{as_pattern(text)}$", count


def by_both_ends(left: Group, fewest: float) -> Iterable[tuple[str, int]]:
    """Yield patterns of short paragraphs with the same beginning and end, such as thanks to changing people."""
    groups: dict[tuple[str, ...], Group] = defaultdict(list)
    for n, block in left:
        words = block.text.split()
        if 2 + ENDING <= len(words) <= SHORT and not any(block.links()):
            groups[(*words[:2], *words[-ENDING:])].append((n, block))
    for key, group in groups.items():
        if issues_in(group) >= fewest:
            yield f"^{as_pattern(' '.join(key[:2]))} .+ {as_pattern(' '.join(key[2:]))}$", issues_in(group)
