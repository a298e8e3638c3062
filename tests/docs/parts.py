"""The parts of the manual that programs write, each between two markers with its name."""

from __future__ import annotations

from pathlib import Path

from tests.conftest import ROOT

DOCS = ROOT / "docs"
COMMANDS, PERFORMANCE, RELIABILITY = (DOCS / f"{name}.md" for name in ("command-line", "performance", "reliability"))


def divided(text: str, name: str) -> tuple[str, str, str]:
    """Return a text up to a part and its first marker, the part, and the rest from its second marker on."""
    start, end = f"<!-- {name} -->", f"<!-- /{name} -->"
    head, _, rest = text.partition(start)
    part, found, tail = rest.partition(end)
    assert found, f"there is no {start} followed by {end}"
    return head + start, part, end + tail


def into_page(path: Path, name: str, part: str) -> None:
    """Replace a part of a page."""
    head, _, tail = divided(path.read_text(encoding="utf-8"), name)
    path.write_text(head + part + tail, encoding="utf-8")
