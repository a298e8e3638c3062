"""Facets: their labels, the order and labels of their values, and the nearest values to an unknown one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from indexer.model import HOWS, OUTCOMES, REVERTED, label_order, pairs_of
from indexer.query.fields import HOW, Fields
from indexer.query.nearest import nearest
from indexer.query.versions import MOST_NEAR, nearest_versions, version_key

HOW_SHOWN = {"during": "issue"}  # another name that queries may use
MOST_KEPT = 2_000  # issues whose place in the order is cached
FEW_VALUES = 12  # maximum number of known values that a notice lists
HOW_WORDS = {"stated": "stated", "landed": "landed", "merged": "merged", "issue": "in development (by date)"}


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

    @property
    def pairs(self) -> str:
        """The field of a version facet that holds its versions with how each is known: "v4.15/landed"."""
        return pairs_of(self.field)


@dataclass(frozen=True, slots=True)
class Count:
    """A value of a facet, and the number of entries if only it were selected in the facet."""

    value: str
    label: str
    count: int
    selected: bool


def version_facet(name: str, label: str, noun: str, examples: Sequence[str]) -> Facet:
    """Return the facet of a profile's versions."""
    shown = f" ({', '.join(examples)})" if examples else ""
    return Facet(name, name, label, "versions", "version", f"of this {noun}{shown}")


def facets_of(fields: Fields, versions: Iterable[Facet], kinds: Iterable[str], issue: str = "") -> tuple[Facet, ...]:
    """Return the facets of an archive, in their order: those of its versions, then those of any archive.

    `issue` is an example of an issue's name.
    """
    known = f"with a version known this way ({', '.join(HOWS)})"
    outcomes = ", ".join((*OUTCOMES, REVERTED))
    named = f" ({issue.partition('/')[2]} or {issue})" if issue else ""
    found = (
        *versions,
        Facet(HOW, HOW, "How the version is known", "ways", "count", known),
        Facet("topic", "topic", "Topic", "topics", "count", "of this topic"),
        Facet("kind", "kind", "Kind", "kinds", "count", f"of this kind ({', '.join(kinds)})"),
        Facet("section", "heading", "Section", "sections", "count", "in this section of an issue"),
        Facet("issue", "issue", "Issue", "issues", "number", f"of this issue{named}"),
        Facet("author", "person", "Author", "authors", "count", "by this author or speaker"),
        Facet("tree", "tree", "Tree", "trees", "count", "that are patches for this tree (net-next)"),
        Facet("outcome", "outcome", "Outcome", "outcomes", "count", f"with this outcome ({outcomes})"),
        Facet("newsletter", "newsletter", "Newsletter", "newsletters", "count", "of this newsletter"),
    )
    return tuple(facet for facet in found if facet.name in fields.filters)


def nothing(facet: Facet, value: str, known: Sequence[str]) -> str:
    """Return the notice for a value without entries, with the nearest values (by number or spelling)."""
    versions = facet.order == "version"
    near = nearest_versions(value, known) if versions else list(nearest(value, known, most=MOST_NEAR))
    hint = f" The nearest {'is' if len(near) == 1 else 'are'} {', '.join(near)}." if near else ""
    if not near and 0 < len(known) <= FEW_VALUES:
        hint = f" Known values are {', '.join(sorted(known))}."
    return f"No entry has {facet.name}:{value}.{hint}"


def first_and_selected(values: Sequence[Count], most: int) -> list[Count]:
    """Return the first values of a facet, and those after them that are selected."""
    return [*values[:most], *(value for value in values[most:] if value.selected)]


def ordered(found: Iterable[Count], order: str) -> list[Count]:
    """Sort the values of a facet: newest version or issue first, or most entries first."""
    if order == "version":
        return sorted(found, key=lambda c: version_key(c.value), reverse=True)
    if order == "number":
        return sorted(found, key=lambda c: number_key(c.value), reverse=True)
    return sorted(found, key=lambda c: (-c.count, c.label.casefold()))


@lru_cache(maxsize=MOST_KEPT)
def number_key(value: str) -> tuple[object, ...]:
    newsletter, _, label = value.partition("/")
    return newsletter, label_order(label)
