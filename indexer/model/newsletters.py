"""Newsletters, as described by their tables."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from indexer.model.keys import Label


@dataclass(frozen=True, slots=True)
class IssueFacts:
    """The date and page of an issue, and the path of its source."""

    label: Label
    page: str
    source_path: str = ""
    date: date | None = None


@dataclass(frozen=True, slots=True)
class Newsletter:
    """The table of a newsletter; see archive/README.md.

    `introductions` says how to treat paragraphs without links that open an issue or a list.
    `layout` is "items" if each item is a file, and each issue a folder of them. `language` is a language tag, such as
    de or pt-BR. `origins` are the folders, feeds and URLs that its issues come from.
    """

    id: str
    name: str
    home: str = ""
    author: str = ""
    licence: str = ""
    repository: str = ""
    commit: str = ""
    raw: str = ""
    page: str = ""
    first: date | None = None
    every: int = 7
    files: tuple[str, ...] = ()
    profile: str = "neutral"
    tracks: bool = False
    page_first: bool = True
    titles: tuple[str, ...] = ()
    dividing: Literal["by shape", "by table"] = "by shape"
    layout: Literal["", "items"] = ""
    language: str = "en"
    introductions: Literal["commentary", "boilerplate"] = "commentary"
    shapes: dict[str, str] = field(default_factory=dict)
    sections: dict[str, str] = field(default_factory=dict)
    groups: tuple[str, ...] = ()
    order: tuple[str, ...] = ()
    boilerplate: tuple[str, ...] = ()
    origins: tuple[str, ...] = ()
    issues: dict[Label, IssueFacts] = field(default_factory=dict)
