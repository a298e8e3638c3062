"""The parts of the README that programs write, each between two markers with its name."""

from __future__ import annotations

from pathlib import Path

README = Path(__file__).resolve().parents[1] / "README.md"


def divided(text: str, name: str) -> tuple[str, str, str]:
    """Return a text up to a part and its first marker, the part, and the rest from its second marker on."""
    start, end = f"<!-- {name} -->", f"<!-- /{name} -->"
    head, _, rest = text.partition(start)
    part, found, tail = rest.partition(end)
    assert found, f"there is no {start} with an {end} behind it"
    return head + start, part, end + tail


def into_readme(path: Path, name: str, part: str) -> None:
    """Write a part of a README anew."""
    head, _, tail = divided(path.read_text(encoding="utf-8"), name)
    path.write_text(head + part + tail, encoding="utf-8")
