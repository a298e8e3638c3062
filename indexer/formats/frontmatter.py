"""The head of a Markdown file, between two lines of dashes: what the file says of itself."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from datetime import date
from typing import Any

import yaml

from indexer.model import Label, label_of
from indexer.values import whole_number

FENCE = "---"
TOML_FENCE = "+++"
KEY = re.compile(r"(?P<key>[A-Za-z][A-Za-z_-]{1,30}):[ \t]+(?P<value>\S.*)")
NEEDED_KEYS = ("title", "date", "published")  # "Note: x" at the top of a text is no front matter
MOST_KEYS = 50
DATE_KEYS = ("date", "published", "pubdate", "publishdate", "created")
PAGE_KEYS = ("path", "permalink", "url", "slug")
DEEPEST = 10
LONGEST_SCALAR = 40  # characters of a number or a day
LONGEST = 50_000  # characters; the longest of 961 real issues has 1,209


class Loader(yaml.CSafeLoader):
    """YAML's safe loader, for which a number or a day that cannot be is text."""


def lenient(kind: str) -> None:
    """Let the loader take a scalar of a kind as text where it cannot be constructed."""
    construct = Loader.yaml_constructors[f"tag:yaml.org,2002:{kind}"]

    def constructed(loader: Loader, node: yaml.ScalarNode) -> object:
        try:
            return construct(loader, node) if len(node.value) <= LONGEST_SCALAR else str(node.value)
        except (ValueError, OverflowError, IndexError, KeyError, TypeError, AttributeError):
            return str(node.value)

    Loader.add_constructor(f"tag:yaml.org,2002:{kind}", constructed)


for kind in ("int", "float", "timestamp", "bool"):
    lenient(kind)


def split(lines: list[str]) -> tuple[dict[str, Any], int, str]:
    """Return the front matter, the number of lines it takes up, and what is wrong with it ("" if nothing)."""
    if lines and lines[0].strip() == TOML_FENCE:
        return split_toml(lines)
    if not lines or lines[0].strip() != FENCE:
        return split_unfenced(lines)
    end = next((i for i, line in enumerate(lines[1:], 1) if line.strip() in (FENCE, "...")), 0)
    if not end:
        return {}, 0, "the front matter that begins on line 1 has no end"
    try:
        text = "\n".join(lines[1:end])
        if len(text) > LONGEST:
            return {}, end + 1, f"the front matter of {len(text):,} characters was not read; the limit is {LONGEST:,}"
        if not is_plain(text):
            return {}, end + 1, f"the front matter uses aliases or nests deeper than {DEEPEST} levels"
        held = yaml.load(text, Loader=Loader)  # noqa: S506  it makes no more of a text than the safe one
    except yaml.YAMLError as error:
        return {}, end + 1, "the front matter is no YAML: " + " ".join(str(error).split())
    except ValueError as error:
        return {}, end + 1, f"the front matter has a value that cannot be: {error}"
    if not isinstance(held, dict):
        return {}, end + 1, "the front matter holds no keys" if held is not None else ""
    return {str(key).lower(): value for key, value in held.items()}, end + 1, ""


def split_toml(lines: list[str]) -> tuple[dict[str, Any], int, str]:
    """Return what `split` does for the TOML of Hugo and Zola, between lines of +++."""
    end = next((i for i, line in enumerate(lines[1:], 1) if line.strip() == TOML_FENCE), 0)
    if not end:
        return {}, 0, "the front matter that begins on line 1 has no end"
    text = "\n".join(lines[1:end])
    if len(text) > LONGEST:
        return {}, end + 1, f"the front matter of {len(text):,} characters was not read; the limit is {LONGEST:,}"
    try:
        held = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        return {}, end + 1, "the front matter is no TOML: " + " ".join(str(error).split())
    return {key.lower(): value for key, value in held.items()}, end + 1, ""


def split_unfenced(lines: list[str]) -> tuple[dict[str, Any], int, str]:
    """Return what `split` does for the "Key: value" lines of Pelican and MultiMarkdown, which an empty line ends."""
    held: dict[str, Any] = {}
    for count, line in enumerate(lines[:MOST_KEYS]):
        match = KEY.match(line)
        if match is None:
            is_front_matter = not line.strip() and count > 1 and not held.keys().isdisjoint(NEEDED_KEYS)
            return (held, count, "") if is_front_matter else ({}, 0, "")
        value = match["value"].strip()
        number = whole_number(value)
        held[match["key"].lower()] = value if number is None else number
    return {}, 0, ""


def date_of(head: Mapping[str, Any]) -> object:
    """Return what front matter gives for the day of an issue, under any of the keys that generators use."""
    return next((head[key] for key in DATE_KEYS if head.get(key)), None)


def page_of(head: Mapping[str, Any]) -> str:
    """Return the address or the path of an issue's page that front matter gives, "" where it gives none."""
    return next((as_text(head[key]) for key in PAGE_KEYS if head.get(key)), "")


def is_plain(text: str) -> bool:
    """Return whether YAML is as simple as front matter is; more could take any time, or the stack, to load."""
    depth = 0
    for event in yaml.parse(text, Loader=yaml.CSafeLoader):
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        if isinstance(event, yaml.AliasEvent) or depth > DEEPEST:
            return False
    return True


def as_text(value: object) -> str:
    """Return a value of front matter that is one word or line; "" for a list, keys or nothing."""
    return str(value) if isinstance(value, str | int | float | date) else ""


def as_label(value: Any) -> Label | None:
    """Return the label of an issue that a value gives, None where it gives none."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        return label_of(str(value)[:LONGEST_SCALAR])
    except ValueError:
        return None
