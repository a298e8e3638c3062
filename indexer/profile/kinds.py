"""The kinds of entries that a profile declares, and the links that imply them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of entry. `label` is its plural, for headings.

    `weight` is the factor of the entries' scores, and `change` the factor in searches for what is new. An entry is of
    the kind if its link is of one of the types `links`, or if its first words match `text`. If `everywhere` is true,
    links count in sections of other kinds, too. `sections` matches the names of its sections.
    If `reading` is true, its entries change nothing, so the version of their date is not shown as theirs.
    """

    id: str
    label: str
    weight: float = 1.0
    change: float = 0.5
    style: str = ""
    words: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    text: re.Pattern[str] | None = None
    everywhere: bool = False
    sections: re.Pattern[str] | None = None
    reading: bool = False


@dataclass(frozen=True, slots=True)
class Pointer:
    """A type of link target, such as a repository or a pull request, and the pattern of its URLs."""

    what: str
    pattern: re.Pattern[str]


def kind_in(name: str, table: Mapping[str, Any], base: Kind | None = None) -> Kind:
    """Return the kind of a table. Raises `KeyError`, `TypeError` and `re.error` if it is not valid.

    Unless the table has them, `sections` and `reading` are those of `base`, the same kind in the neutral profile.
    """
    text, sections = table.get("text"), table.get("sections")
    return Kind(
        id=name,
        label=table.get("label", name.capitalize()),
        weight=float(table.get("weight", 1.0)),
        change=float(table.get("change", 0.5)),
        style=table.get("style", ""),
        words=tuple(table.get("words", "").split()),
        links=tuple(table.get("links", ())),
        text=re.compile(text, re.I) if text else None,
        everywhere=bool(table.get("everywhere", False)),
        sections=re.compile(rf"\b(?:{sections})\b", re.I) if sections else base.sections if base else None,
        reading=bool(table.get("reading", base is not None and base.reading)),
    )


def pointers_in(table: Mapping[str, Any]) -> tuple[Pointer, ...]:
    """Return the patterns of a table of links, in its order."""
    return tuple(Pointer(what, re.compile(pattern, re.I)) for what, patterns in table.items() for pattern in patterns)


def bare(url: str) -> str:
    """Return a URL in the form that patterns of links match: without its scheme and www."""
    return url.split("://", 1)[-1].removeprefix("www.")
