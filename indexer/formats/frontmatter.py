"""The head of a Markdown file, between two lines of dashes: what the file says of itself."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import yaml

FENCE = "---"
DEEPEST = 10


class Loader(yaml.CSafeLoader):
    """YAML's safe loader, for which a day that no calendar has is text."""


def timestamp(loader: Loader, node: yaml.ScalarNode) -> date | str:
    try:
        made: date = loader.construct_yaml_timestamp(node)
    except ValueError:
        return str(node.value)
    return made


Loader.add_constructor("tag:yaml.org,2002:timestamp", timestamp)


def split(lines: list[str]) -> tuple[dict[str, Any], int, str]:
    """Return the front matter, the number of lines it takes up, and what is wrong with it ("" if nothing)."""
    if not lines or lines[0].strip() != FENCE:
        return {}, 0, ""
    end = next((i for i, line in enumerate(lines[1:], 1) if line.strip() in (FENCE, "...")), 0)
    if not end:
        return {}, 0, "the front matter that begins on line 1 has no end"
    try:
        text = "\n".join(lines[1:end])
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


def as_date(value: object) -> datetime | None:
    """Return a date in UTC from what front matter or page metadata hold, None where it is none.

    A date without a time zone is taken as UTC.
    """
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value.strip())
        except ValueError:
            return None
    if isinstance(value, datetime):
        try:
            return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
        except OverflowError:
            return None
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day, tzinfo=UTC)
    return None
