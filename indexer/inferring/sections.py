"""Infer the sections of a newsletter: names, kinds of items, grouping headings, and shapes."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from indexer.annotating.kinds import kind_by_link
from indexer.dividing.headings import folded, is_linked
from indexer.dividing.labels import without_labels
from indexer.dividing.shaped import divide_by_shape, words
from indexer.dividing.shapes import LINKED_PARAGRAPHS, items_among, makeup, shape_of, share
from indexer.dividing.title_lines import only_title
from indexer.dividing.tree import BOLD_LEVEL, Section, tree
from indexer.inferring.announcing import announced_lists
from indexer.inferring.findings import Finding, Sample, number_of
from indexer.model import Block, Newsletter
from indexer.profile.profiles import Profile

FEWEST = 3  # issues that must contain a section's name
FEWEST_LISTS = 2  # sections that are lists, next to those of a single entry
MANY = 10  # issues with a heading of the same name, which is no title then, though most issues lack it
MOSTLY = 0.8
ITEMS = 0.6
MOST = 0.5
MOST_NAMES = 60
FEWEST_LINKS = 4


@dataclass
class SectionStatistics:
    """Statistics of one section over the issues: how often it occurs, as what, and with which texts."""

    name: str
    issues: set[int] = field(default_factory=set)
    items: int = 0
    among_items: int = 0
    lists: int = 0
    grouping: int = 0
    linked: int = 0
    level: int = 0
    paragraphs: int = 0  # in all issues together
    linked_paragraphs: int = 0
    prose: Counter[str] = field(default_factory=Counter)
    shapes: Counter[str] = field(default_factory=Counter)
    kinds: Counter[str] = field(default_factory=Counter)
    openings: list[frozenset[str]] = field(default_factory=list)


def sections_of(samples: Sequence[Sample], newsletter: Newsletter, profile: Profile) -> list[Finding]:
    """Return the findings for sections, grouping headings, and shapes."""
    seen = seen_in(samples, newsletter, profile)
    plain = paragraph_sections(seen, len(samples))
    often = {
        key: each
        for key, each in sorted(seen.items(), key=lambda pair: -len(pair[1].issues))[:MOST_NAMES]
        if len(each.issues) >= FEWEST
        and key
        and (key in plain or is_same_text(each) or not is_item_heading(each, len(samples)))
    }
    kinds = {key: kind for key, each in often.items() if (kind := kind_of(each, profile))}
    shapes = {key: shape for key, shape in shapes_among(often) if key not in plain or shape != "item"}
    shapes |= {key: "paragraphs" for key in often if key in plain and key not in shapes and is_news(often[key])}
    groups = [key for key in often if key not in kinds and shapes.get(key) != "boilerplate"]
    groups += [key for key in announced_lists(samples) if key not in often]
    found = []
    if kinds:
        counts = ", ".join(f'"{often[key].name}" {len(often[key].issues)}' for key in list(kinds)[:5])
        why = f"Found {number_of('section name', len(kinds))} in several issues ({counts} issues)."
        found.append(Finding("sections", kinds, why, 0.8))
    if groups:
        counts = ", ".join(f'"{often[key].name}" {len(often[key].issues)}' for key in groups[:5] if key in often)
        counts = counts or f'"{groups[0]}" in most'
        why = f"Found {number_of('heading', len(groups))} without entries of their own ({counts} issues)."
        found.append(Finding("groups", groups, why, 0.7))
    if shapes:
        key, shape = next(iter(shapes.items()))
        why = (
            f"Found {number_of('section', len(shapes))} with the same shape in nearly all issues "
            f'("{often[key].name}": {shape}).'
        )
        found.append(Finding("shapes", shapes, why, MOSTLY))
    return found


def seen_in(samples: Sequence[Sample], newsletter: Newsletter, profile: Profile) -> dict[str, SectionStatistics]:
    """Return the statistics of each section by folded name."""
    seen: dict[str, SectionStatistics] = {}
    for n, sample in enumerate(samples):
        root = tree(without_labels(sample.document.blocks))
        items = items_among(root, newsletter)
        for section, among in with_siblings(root, items):
            if section.name == sample.document.title or words(section.name) == words(sample.document.title):
                continue
            each = seen.setdefault(folded(section.name), SectionStatistics(section.name))
            each.issues.add(n)
            each.items += id(section) in items
            each.among_items += among
            each.lists += is_list(section)
            each.grouping += any(id(child) in items or is_list(child) for child in section.below)
            each.linked += section.head is not None and is_linked(section.head)
            each.level = section.level
            kept = [block for block in section.own if not is_boilerplate(block, newsletter)]
            each.prose[prose_in(section, kept)] += 1
            texts = [block for block in kept if block.kind == "paragraph" and not block.depth and not section.below]
            each.paragraphs += len(texts)
            each.linked_paragraphs += sum(any(block.links()) for block in texts)
            each.shapes[shape_in(section, kept, newsletter, is_item=id(section) in items)] += bool(section.parts)
            each.openings.append(frozenset(" ".join(block.text.split()[:8]) for block in section.blocks()))
        count_kinds(sample, newsletter, profile, seen)
    return seen


def shape_in(section: Section, kept: Sequence[Block], newsletter: Newsletter, *, is_item: bool) -> str:
    """Return the shape of a section in one issue, or "" if a table cannot express it.

    The shape "item" makes one entry of a heading and everything below it, so a section with other items has no shape.
    A section whose first paragraph is the title of its only item has the shape "paragraphs".
    """
    if not section.below and only_title(kept):
        return "paragraphs"
    shape = shape_of(Section(section.head, section.level, [*kept]), newsletter) if kept else ""
    return shape if shape != "item" or is_item else ""


def is_boilerplate(block: Block, newsletter: Newsletter) -> bool:
    return any(re.search(pattern, block.text) for pattern in newsletter.boilerplate)


def prose_in(section: Section, kept: Sequence[Block]) -> str:
    """Return "list" for paragraphs that each have a link, "one" for a single one or a text without links, or ""."""
    paragraphs = [block for block in kept if block.kind == "paragraph" and not block.depth]
    if section.below or not paragraphs or any(block.kind in ("bullet", "row") for block in kept):
        return ""
    linked = share(paragraphs)
    if not linked:
        return "one"
    if linked < LINKED_PARAGRAPHS:
        return ""
    return "list" if len(paragraphs) >= FEWEST else "one" if len(paragraphs) == 1 else ""


def paragraph_sections(seen: Mapping[str, SectionStatistics], issues: int) -> set[str]:
    """Return the sections whose paragraphs are entries by themselves, by folded name.

    Their headings have no link and repeat in most issues or in many, and most of them have several paragraphs with
    links below them. A single such paragraph, or a text without links, is an entry, too, if the other headings of its
    level have lists or items below them.
    """
    again = {
        key: each
        for key, each in seen.items()
        if len(each.issues) >= max(FEWEST, min(MANY, MOST * issues)) and not each.linked and each.level <= BOLD_LEVEL
    }
    lists = {key for key, each in again.items() if each.prose["list"] >= MOST * len(each.issues) or is_news(each)}
    listed = Counter(
        each.level
        for key, each in again.items()
        if key in lists or max(each.shapes["bullets"], each.grouping) >= MOST * len(each.issues)
    )
    levels = Counter(each.level for each in again.values())
    single = {key for key, each in again.items() if each.prose["one"] >= ITEMS * len(each.issues)}
    of_lists = {
        level
        for level in listed
        if listed[level] >= FEWEST_LISTS
        and listed[level] >= MOST * (levels[level] - sum(again[key].level == level for key in single))
    }
    return lists | {key for key in single if again[key].level in of_lists}


def is_news(each: SectionStatistics) -> bool:
    """Return whether a section has two or more paragraphs in most issues, and nearly all have a link."""
    several = each.paragraphs >= 2 * len(each.issues)
    return several and each.linked_paragraphs >= MOSTLY * each.paragraphs and each.lists < ITEMS * len(each.issues)


def with_siblings(root: Section, items: set[int]) -> Iterator[tuple[Section, bool]]:
    """Yield each section, and whether it is one of several items."""
    for above in (root, *root.sections()):
        among = [child for child in above.below if id(child) in items]
        for child in above.below:
            yield child, id(child) in items and len(among) >= FEWEST


def count_kinds(sample: Sample, newsletter: Newsletter, profile: Profile, seen: dict[str, SectionStatistics]) -> None:
    """Count the kinds of link targets in each section."""
    for piece in divide_by_shape(sample.document, newsletter).pieces:
        if piece.section and piece.url and (each := seen.get(folded(piece.section[-1]))):
            each.kinds[kind_by_link(piece.url, profile)] += 1


def is_list(section: Section) -> bool:
    """Return whether a section consists mostly of bullets."""
    has = makeup(section.own)
    return len(has.bullets) > 1 and (has.bullet_first or len(has.bullets) >= 2 * len(has.paragraphs))


def is_item_heading(each: SectionStatistics, issues: int) -> bool:
    """Return whether headings of this name are titles of items, although the name repeats.

    A heading that is always a link over a text is. One over a list in most issues is not, even if the list has no
    links.
    """
    if min(each.linked, each.items) == len(each.issues):
        return True
    if len(each.issues) >= MOST * issues and each.lists >= ITEMS * len(each.issues):
        return False
    return each.among_items >= ITEMS * len(each.issues)


def kind_of(each: SectionStatistics, profile: Profile) -> str | None:
    """Return the kind of a section's items, from its name or from most of its link targets."""
    if named := profile.kind_of_section(each.name):
        return named.id
    total = sum(each.kinds.values())
    kind, count = each.kinds.most_common(1)[0] if each.kinds else ("", 0)
    return kind if total >= FEWEST_LINKS and count >= MOSTLY * total else None


def shapes_among(often: dict[str, SectionStatistics]) -> Iterator[tuple[str, str]]:
    """Yield the sections with one shape in nearly all issues, or with the same text in all of them."""
    for key, each in often.items():
        if is_same_text(each):
            yield key, "boilerplate"
            continue
        shape, count = each.shapes.most_common(1)[0] if each.shapes else ("", 0)
        if shape and count >= FEWEST and count >= MOSTLY * sum(each.shapes.values()):
            yield key, shape


def is_same_text(each: SectionStatistics) -> bool:
    """Return whether a section has nearly the same text in each issue."""
    pairs = list(zip(each.openings, each.openings[1:], strict=False))
    alike = [len(one & other) / len(one | other) if one | other else 0.0 for one, other in pairs]
    return len(alike) + 1 >= FEWEST and sum(alike) >= MOSTLY * len(alike)
