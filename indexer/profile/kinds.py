"""The kinds of entries that a profile declares, and how links tell them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of entry. `label` is its plural, for headings.

    `weight` is what the score of such an entry is multiplied by, `change` the same where what is new is asked for.
    `links` are what an entry of the kind points to, `text` what its first words say; `everywhere` is whether its links
    tell it in a section of another kind, too. `sections` is what the names of its sections contain.
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


@dataclass(frozen=True, slots=True)
class Pointer:
    """What addresses point to, such as a repository or a pull request, and the pattern of these addresses."""

    what: str
    pattern: re.Pattern[str]


def kind_in(name: str, table: Mapping[str, Any], base: Kind | None = None) -> Kind:
    """Return the kind of a table. Raises `KeyError`, `TypeError` and `re.error` if it is not valid.

    The names of its sections are those of `base`, the same kind in the neutral profile, unless the table says.
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
    )


def pointers_in(table: Mapping[str, Any]) -> tuple[Pointer, ...]:
    """Return the patterns of a table of links, in its order."""
    return tuple(Pointer(what, re.compile(pattern, re.I)) for what, patterns in table.items() for pattern in patterns)


def bare(url: str) -> str:
    """Return an address as patterns of links see it: without its scheme and without www."""
    return url.split("://", 1)[-1].removeprefix("www.")
