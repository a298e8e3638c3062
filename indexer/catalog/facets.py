"""Facets: their labels, the order and labels of their values, and the nearest values to an unknown one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from indexer.catalog.about import About
from indexer.model import HOWS, KINDS, OUTCOMES, label_order
from indexer.query.nearest import nearest


@dataclass(frozen=True, slots=True)
class Facet:
    """A facet: its URL parameter, index field, label, order and help text.

    `many` is the plural of its values; the singular lacks the last letter; the order is "count", "version" or "number".
    """

    name: str
    field: str
    label: str
    many: str
    order: str
    help: str


FACETS = (
    Facet(
        "kernel",
        "version",
        "Kernel version",
        "versions",
        "version",
        "of this kernel version (v4.15, v4.13..v4.15, >=4.14)",
    ),
    Facet(
        "how", "how", "How the version is known", "ways", "count", f"with a version known this way ({', '.join(HOWS)})"
    ),
    Facet("topic", "topic", "Topic", "topics", "count", "of this topic"),
    Facet("kind", "kind", "Kind", "kinds", "count", f"of this kind ({', '.join(KINDS)})"),
    Facet("issue", "issue", "Issue", "issues", "number", "of this issue (13 or bpf-updates/13)"),
    Facet("author", "person", "Author", "authors", "count", "by this author or speaker"),
    Facet("tree", "tree", "Tree", "trees", "count", "that are patches for this tree (net-next)"),
    Facet("outcome", "outcome", "Outcome", "outcomes", "count", f"with this outcome ({', '.join(OUTCOMES)})"),
    Facet("newsletter", "newsletter", "Newsletter", "newsletters", "count", "of this newsletter"),
)
BY_NAME = {facet.name: facet for facet in FACETS}
# `kernel` and `how` must match the same version, so they filter pairs.
PAIRED = ("kernel", "how")
OTHER_OF_PAIR = {"kernel": "how", "how": "kernel"}
HOW_SHOWN = {"during": "issue"}  # as the pages show it
PAIRS = "kernel"  # the field that holds them
RANGE = re.compile(r"^(?P<from>v\d+\.\d+)?\.\.(?P<to>v\d+\.\d+)?$")
COMPARED = re.compile(r"^(?P<sign><=|>=|<|>)(?P<version>v\d+\.\d+)$")
VERSION_IN = re.compile(r"(\d+\.\d+)")
MOST_NEAR = 3  # nearest values named for an unknown value
FEW_VALUES = 12  # up to this number, all values of a filter are named
VERSION = re.compile(r"^v(?P<major>\d+)\.(?P<minor>\d+)$")


HOW_WORDS = {"stated": "stated", "landed": "landed", "merged": "merged", "issue": "during (by date)"}
KIND_WORDS = {
    "helper": "Helper functions",
    "feature": "Features",
    "talk": "Talks",
    "project": "Projects",
    "article": "Articles",
    "patch": "Patches",
    "note": "Notes",
    "commentary": "Commentary",
}


@dataclass(frozen=True, slots=True)
class Count:
    """A value of a facet, and the number of entries if only it were selected in the facet."""

    value: str
    label: str
    count: int
    selected: bool


def offered(about: About) -> tuple[Facet, ...]:
    """Return the facets to show; the newsletter facet only if there are several newsletters."""
    return tuple(facet for facet in FACETS if len(about.served) > 1 or facet.name != "newsletter")


def labels(about: About) -> dict[str, dict[str, str]]:
    """Return the labels of values by facet, for values that are not shown unchanged.

    With several newsletters, the label of an issue includes the newsletter's name.
    """
    names = {name: newsletter.name for name, newsletter in about.newsletters.items()}
    issues = {
        key: f"{names.get(issue.newsletter, issue.newsletter)} {issue.number}"
        if len(about.served) > 1
        else f"{issue.number}"
        for key, issue in about.issues.items()
    }
    return {each.name: {} for each in FACETS} | {
        "topic": {topic.id: topic.label for topic in about.topics},
        "kind": KIND_WORDS,
        "how": HOW_WORDS,
        "issue": issues,
        "newsletter": names,
    }


def version_key(version: str) -> tuple[int, int]:
    """Return the sort key of a kernel version."""
    match = VERSION.match(version)
    return (int(match["major"]), int(match["minor"])) if match else (0, 0)


def in_range(version: str, wanted: str) -> bool:
    """Return whether a kernel version matches a filter value: v4.15, v4.13..v4.15, >=v4.14 ..."""
    key = version_key(version)
    if match := RANGE.match(wanted):
        low, high = match["from"], match["to"]
        if low and high and version_key(low) > version_key(high):
            low, high = high, low
        return (not low or version_key(low) <= key) and (not high or key <= version_key(high))
    if match := COMPARED.match(wanted):
        limit = version_key(match["version"])
        return {"<": key < limit, "<=": key <= limit, ">": key > limit, ">=": key >= limit}[match["sign"]]
    return version == wanted


def nothing(name: str, value: str, known: Sequence[str]) -> str:
    """Return the notice for a value without entries, with the nearest values (by number or spelling)."""
    near = nearest_versions(value, known) if name == "kernel" else list(nearest(value, known, most=MOST_NEAR))
    hint = f" The nearest are {', '.join(near)}." if near else ""
    if not near and len(known) <= FEW_VALUES:
        hint = f" Known values are {', '.join(sorted(known))}."
    return f"No entry has {name}:{value}.{hint}"


def nearest_versions(value: str, known: Iterable[str]) -> list[str]:
    """Return the kernel versions nearest to the number in a text; empty if it has none."""
    asked = VERSION_IN.search(value)
    if asked is None:
        return []
    major, minor = version_key(f"v{asked[1]}")
    distances = {each: (abs(a - major), abs(b - minor)) for each in known for a, b in [version_key(each)]}
    return sorted(distances, key=distances.__getitem__)[:MOST_NEAR]


def ordered(found: Iterable[Count], order: str) -> list[Count]:
    """Sort the values of a facet: newest version or issue first, or most entries first."""
    if order == "version":
        return sorted(found, key=lambda c: version_key(c.value), reverse=True)
    if order == "number":
        return sorted(found, key=lambda c: number_key(c.value), reverse=True)
    return sorted(found, key=lambda c: (-c.count, c.label.casefold()))


def number_key(value: str) -> tuple[object, ...]:
    newsletter, _, label = value.partition("/")
    return newsletter, label_order(label)
