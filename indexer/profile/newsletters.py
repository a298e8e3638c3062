"""Read the tables of newsletters and of moved URLs."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from indexer.errors import BadArchive
from indexer.languages import ENGLISH, TAG
from indexer.model import IssueFacts, Newsletter, label_of
from indexer.profile.misspellings import misspellings
from indexer.profile.profiles import FIRST, NEUTRAL
from indexer.profile.tables import load

# Version 0.1 treated every newsletter this way.
DAYS = range(1, 36_500)  # between two issues
FIRST_VERSION = {"profile": FIRST, "dividing": "by table"}


def load_newsletters(path: Path, *, first: bool = False) -> dict[str, Newsletter]:
    """Return the newsletters by id. Raises `BadArchive` for an invalid file.

    `first` is true for tables of version 0.1, which had only one profile and one way of dividing.
    """
    return checked(path, load(path), FIRST_VERSION if first else {})


def load_newsletter(path: Path) -> Newsletter:
    """Return the newsletter of a newsletter.toml; its folder's name is its id. Raises `BadArchive`."""
    name = path.parent.name
    return checked(path, {name: load(path)})[name]


def checked(path: Path, tables: dict[str, Any], given: Mapping[str, Any] = {}) -> dict[str, Newsletter]:
    """Return the newsletters of tables, with defaults from `given`. Raises `BadArchive` for unknown keys."""
    text = path.read_text(encoding="utf-8")
    try:
        for name, table in tables.items():
            if found := list(misspellings(name, table, text)) if isinstance(table, dict) else []:
                raise BadArchive(f"{path}: {' '.join(found)}")
        return {name: newsletter(name, {**given, **table}) for name, table in tables.items()}
    except (KeyError, IndexError, ValueError, TypeError, AttributeError, re.error) as error:
        raise BadArchive(
            f"{path}: The table is not valid ({type(error).__name__}: {error}). See archive/README.md for its keys."
        ) from error


def newsletter(name: str, table: dict[str, Any]) -> Newsletter:
    sections = {str(k): str(v) for k, v in table.get("sections", {}).items()}
    patterns = tuple(table.get("boilerplate", ()))
    for pattern in (*patterns, *table.get("titles", ()), *table.get("files", ())):
        re.compile(pattern)
    if not TAG.match(table.get("language", ENGLISH)):
        raise ValueError(f"{name}: language must be a language tag such as de or pt-BR")
    page, first, every = table.get("page", ""), table.get("first"), table.get("every", 7)
    page.format(number=1, date=date.min)
    if (first is not None and type(first) is not date) or type(every) is not int or every not in DAYS:
        raise TypeError(f"{name}: first must be a date such as 2018-01-14, and every a number of days such as 7")
    return Newsletter(
        id=name,
        name=str(table["name"]),
        home=web_address(table.get("home", "")),
        author=table.get("author", ""),
        licence=table.get("licence", ""),
        repository=table.get("repository", ""),
        commit=table.get("commit", ""),
        raw=table.get("raw", ""),
        page=web_address(page),
        first=first,
        every=every,
        files=tuple(table.get("files", ())),
        profile=table.get("profile") or (FIRST if "tracks_kernel" in table else NEUTRAL),
        tracks=bool(table.get("tracks", table.get("tracks_kernel", False))),
        page_first=table.get("first_link", "page") == "page",
        titles=tuple(table.get("titles", ())),
        dividing=table.get("dividing", "by shape"),
        layout=table.get("layout", ""),
        language=table.get("language", ENGLISH),
        introductions=table.get("introductions", "commentary"),
        origins=tuple(map(str, table.get("origins", ()))),
        shapes={str(k): str(v) for k, v in table.get("shapes", {}).items()},
        sections=sections,
        groups=tuple(table.get("groups", ())),
        order=tuple(table.get("order", ())),
        boilerplate=patterns,
        issues={facts.label: facts for facts in map(issue_facts, table.get("issues", ()))},
    )


def issue_facts(row: dict[str, Any]) -> IssueFacts:
    facts = IssueFacts(label_of(str(row["number"])), **{key: value for key, value in row.items() if key != "number"})
    return replace(facts, page=web_address(facts.page))


def web_address(address: str) -> str:
    """Return a URL of a table if pages may link to it, else ""."""
    return address if address.lower().startswith(("https://", "http://")) else ""


@dataclass(frozen=True, slots=True)
class Rewrite:
    """A moved URL: a pattern and its replacement."""

    pattern: re.Pattern[str]
    to: str


def load_rewrites(path: Path) -> tuple[Rewrite, ...]:
    """Return the rewrites in file order. Raises `BadArchive` for an invalid file."""
    try:
        return tuple(Rewrite(re.compile(row["pattern"]), row["to"]) for row in load(path).get("rewrites", ()))
    except (KeyError, TypeError, re.error) as error:
        raise BadArchive(
            f"{path}: The table is not valid ({type(error).__name__}: {error}). See archive/README.md for its keys."
        ) from error
