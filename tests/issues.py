"""Issues that several tests use, each parsed once."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from indexer.ingest import Hints, parse
from indexer.model import Entry, Issue
from indexer.sources.archive import Archive

ROOT = Path(__file__).resolve().parents[1]
ARCHIVE = Archive(ROOT / "archive", ROOT / "no-data")
NUMBERS = range(1, 14)
FOLDERS = {"md": "originals", "html": "originals-html", "txt": "originals-text"}


def original_path(shared: Path, number: int, suffix: str = "md") -> Path:
    """Return the file of an original issue."""
    return shared / FOLDERS[suffix] / f"bpf-updates-{number:02d}.{suffix}"


@cache
def issue_in(path: Path) -> Issue:
    """Return the issue of BPF Updates in a file."""
    (issue,) = parse(path.read_bytes(), path.name, ARCHIVE)
    return issue


def retold(number: int) -> Issue:
    """Return a retold issue of the archive."""
    return issue_in(ROOT / "archive" / "bpf-updates" / f"{number:02d}.md")


def entries_of(markdown: str, date: str = "2017-06-07", newsletter: str = "bpf-updates") -> tuple[Entry, ...]:
    """Return the entries of an issue written for one test."""
    told = Hints(newsletter, 99, datetime.fromisoformat(date).replace(tzinfo=UTC))
    (issue,) = parse(markdown.encode(), "made-up.md", ARCHIVE, told)
    return issue.entries
