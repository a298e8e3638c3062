"""The generated parts of the manual, each between two markers with its name."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
COMMANDS, PERFORMANCE, RELIABILITY = (DOCS / f"{name}.md" for name in ("command-line", "performance", "reliability"))


def divided(text: str, name: str) -> tuple[str, str, str]:
    """Split a text into the part before a marker, the marked part, and the rest."""
    start, end = f"<!-- {name} -->", f"<!-- /{name} -->"
    head, _, rest = text.partition(start)
    part, found, tail = rest.partition(end)
    assert found, f"there is no {start} followed by {end}"
    return head + start, part, end + tail


def into_page(path: Path, name: str, part: str) -> None:
    """Replace a generated part of a page."""
    head, _, tail = divided(path.read_text(encoding="utf-8"), name)
    path.write_text(head + part + tail, encoding="utf-8")
