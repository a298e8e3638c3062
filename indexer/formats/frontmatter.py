"""Parse front matter, the metadata at the top of a Markdown file."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from datetime import date
from typing import Any

import yaml

from indexer.languages import as_tag
from indexer.model import Label, label_of
from indexer.values import whole_number

FENCE = "---"
TOML_FENCE = "+++"
KEY = re.compile(r"(?P<key>[A-Za-z][A-Za-z_-]{1,30}):[ \t]+(?P<value>\S.*)")
NEEDED_KEYS = (
    "title",
    "date",
    "published",
)  # without one of these, "Note: x" at the top of a text would be front matter
MOST_KEYS = 50
TITLE_KEYS = ("title", "subject")
# Without "-" and "_", so that publish_date, publishDate and publish-date are one key.
DATE_KEYS = (
    *("date", "published", "pubdate", "publishdate", "publishedat", "publishedon", "publisheddate", "publicationdate"),
    *("datepublished", "sentat", "senton", "created", "createdat", "createdon"),
)
PAGE_KEYS = ("absolute_url", "canonical_url", "path", "permalink", "url", "slug")
LANGUAGE_KEYS = ("lang", "language", "locale")
DEEPEST = 10
LONGEST_SCALAR = 40  # characters of a number or date
LONGEST = 50_000  # characters; the longest of 961 real issues has 1,209


class Loader(yaml.CSafeLoader):
    """YAML's safe loader, but an invalid number or date becomes text."""


def lenient(kind: str) -> None:
    """Make the loader return a scalar of this kind as text if it is not valid."""
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
    """Return the front matter, the number of its lines, and what is wrong with it ("" if nothing)."""
    if lines and lines[0].strip() == TOML_FENCE:
        return split_toml(lines)
    if not lines or lines[0].strip() != FENCE:
        return split_unfenced(lines)
    end = next((i for i, line in enumerate(lines[1:], 1) if line.strip() in (FENCE, "...")), 0)
    if not end:
        return {}, 0, "The front matter that begins on line 1 has no end."
    try:
        text = "\n".join(lines[1:end])
        if len(text) > LONGEST:
            return {}, end + 1, f"The front matter of {len(text):,} characters was left out. The limit is {LONGEST:,}."
        if not is_plain(text):
            return {}, end + 1, f"The front matter was left out: it uses aliases or nests deeper than {DEEPEST} levels."
        held = yaml.load(text, Loader=Loader)  # noqa: S506  it is a subclass of the safe loader
    except yaml.YAMLError as error:
        return {}, end + 1, "The front matter is not valid YAML: " + " ".join(str(error).split()) + "."
    except ValueError as error:
        return {}, end + 1, f"The front matter contains an invalid value: {error}."
    if not isinstance(held, dict):
        return {}, end + 1, "The front matter contains no keys." if held is not None else ""
    return {str(key).lower(): value for key, value in held.items()}, end + 1, ""


def split_toml(lines: list[str]) -> tuple[dict[str, Any], int, str]:
    """Split TOML front matter between lines of +++, as Hugo and Zola write it, like `split`."""
    end = next((i for i, line in enumerate(lines[1:], 1) if line.strip() == TOML_FENCE), 0)
    if not end:
        return {}, 0, "The front matter that begins on line 1 has no end."
    text = "\n".join(lines[1:end])
    if len(text) > LONGEST:
        return {}, end + 1, f"The front matter of {len(text):,} characters was left out. The limit is {LONGEST:,}."
    try:
        held = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        return {}, end + 1, "The front matter is not valid TOML: " + " ".join(str(error).split()) + "."
    return {key.lower(): value for key, value in held.items() if is_printable(value)}, end + 1, ""


def is_printable(value: object) -> bool:
    """Return whether Python converts a value to text. It refuses long integers and deep nesting."""
    try:
        return bool(str(value)) or value == ""
    except (ValueError, RecursionError):
        return False


def split_unfenced(lines: list[str]) -> tuple[dict[str, Any], int, str]:
    """Split the "Key: value" lines of Pelican and MultiMarkdown, which end at an empty line, like `split`."""
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


def title_of(head: Mapping[str, Any]) -> str:
    """Return the title of an issue from its front matter, "" if there is none."""
    return next(filter(None, (as_text(head.get(key)) for key in TITLE_KEYS)), "")


def date_of(head: Mapping[str, Any]) -> object:
    """Return the date of an issue from its front matter, under any of the keys that generators use."""
    said = {key.replace("-", "").replace("_", ""): value for key, value in reversed([*head.items()]) if value}
    return next((said[key] for key in DATE_KEYS if key in said), None)


def page_of(head: Mapping[str, Any]) -> str:
    """Return the URL or path of an issue's page from its front matter, "" if there is none."""
    return next((as_text(head[key]) for key in PAGE_KEYS if head.get(key)), "")


def language_of(head: Mapping[str, Any]) -> str:
    """Return the language of an issue from its front matter, "" if there is none."""
    return next(filter(None, (as_tag(head.get(key)) for key in LANGUAGE_KEYS)), "")


def is_plain(text: str) -> bool:
    """Return whether YAML is as simple as front matter needs. Other YAML can take forever or overflow the stack."""
    depth = 0
    for event in yaml.parse(text, Loader=yaml.CSafeLoader):
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        if isinstance(event, yaml.AliasEvent) or depth > DEEPEST:
            return False
    return True


def as_text(value: object) -> str:
    """Return a scalar value of front matter as text; "" for a list, a mapping or nothing."""
    return str(value) if isinstance(value, str | int | float | date) else ""


def as_label(value: Any) -> Label | None:
    """Return a value of front matter as the label of an issue; None if it is not one."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        return label_of(str(value)[:LONGEST_SCALAR])
    except ValueError:
        return None
