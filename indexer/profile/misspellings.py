"""Find mistakes in a newsletter's table: unknown keys, shapes and pattern groups, with their lines."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import fields
from typing import Any

from indexer.model import IssueFacts, Newsletter

# `tracks_kernel` is what version 0.1 called `tracks`.
KEYS = {field.name for field in fields(Newsletter)} - {"id", "page_first"} | {"first_link", "tracks_kernel"}
ISSUE_KEYS = {field.name for field in fields(IssueFacts)} | {"number"}
SHAPES = frozenset(("item", "bullets", "paragraphs", "boilerplate"))
WAYS = frozenset(("by shape", "by table"))
INTRODUCTIONS = frozenset(("commentary", "boilerplate"))
LAYOUTS = frozenset(("", "items"))
GROUPS = {"titles": frozenset(("number",)), "files": frozenset(("number", "date"))}
GROUP = re.compile(r"\(\?P<(?P<name>\w+)>")


def misspellings(name: str, table: Mapping[str, Any], text: str) -> Iterator[str]:
    """Yield a message for each unknown word in a newsletter's table, with the nearest known one."""
    for key in table:
        yield from misspelling(name, text, "key", key, KEYS)
    for row in table.get("issues", ()):
        for key in row:
            yield from misspelling(name, text, "key of an issue", key, ISSUE_KEYS)
    for shape in table.get("shapes", {}).values():
        yield from misspelling(name, text, "shape", shape, SHAPES)
    yield from misspelling(name, text, "way of dividing", table.get("dividing", "by shape"), WAYS)
    yield from misspelling(name, text, "layout", table.get("layout", ""), LAYOUTS)
    kind = table.get("introductions", "commentary")
    yield from misspelling(name, text, "value of introductions", kind, INTRODUCTIONS)
    for key, known in GROUPS.items():
        for pattern in table.get(key, ()):
            groups = GROUP.findall(pattern)
            for group in groups:
                yield from misspelling(name, text, f"group in {key}", group, known)
            if not groups:
                yield f"{name}: The pattern {pattern!r} in {key} has no group (?P<{min(known, key=len)}>...)."


def misspelling(name: str, text: str, what: str, word: str, known: Collection[str]) -> Iterator[str]:
    if word in known:
        return
    from difflib import get_close_matches

    near = get_close_matches(str(word), sorted(known), 1, 0.5)
    hint = f"Did you mean {near[0]}?" if near else f"Use one of: {', '.join(sorted(known))}."
    yield f"{name}, line {line_of(text, name, str(word))}: {word!r} is not a {what}. {hint}"


def line_of(text: str, name: str, word: str) -> int:
    """Return the first line with a word, after the heading of the newsletter's table."""
    heading = re.search(rf"(?m)^\s*\[{re.escape(name)}\]", text)
    start = heading.start() if heading else 0
    found = re.search(rf"(?<![\w-]){re.escape(word)}(?![\w-])", text[start:])
    return text.count("\n", 0, start + found.start() if found else start) + 1
