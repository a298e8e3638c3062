"""Split a file or URL into the issues in it, each with its own bytes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import PurePosixPath

from indexer.errors import UnreadableSource
from indexer.formats.contained import contained
from indexer.formats.items import SUFFIX, joined
from indexer.formats.registry import parts_of, read_source
from indexer.model import Document
from indexer.sources.downloads import Downloader
from indexer.sources.given import Given, content_of


@dataclass(frozen=True, slots=True)
class Part:
    """An issue in a given file or URL: the name of its source, its bytes, the suffix of its format, and its document.

    `origin` is the file or URL. `several` is true if it contains other issues, as a feed does.
    """

    name: str
    raw: bytes
    suffix: str
    document: Document
    origin: str = ""
    several: bool = False


def parts_in(given: Given, downloader: Downloader) -> list[Part]:
    """Return the issue in a file or at a URL, or those of a feed or mailbox. Raises `BackissueError`.

    Unreadable items of a feed or mailbox are skipped, unless all are unreadable.
    """
    return parts_from(content_of(given, downloader), given)


def parts_from(content: bytes, given: Given) -> list[Part]:
    """Return the issues in content that was already read or downloaded."""
    with contained(given.name):
        held = parts_of(content, given.name)
    found: list[Part] = []
    failed: UnreadableSource | None = None
    for raw, suffix in held:
        try:
            with contained(given.name):
                document = read_source(raw, named_as(given.name, suffix))[0]
        except UnreadableSource as error:
            failed = error
            continue
        found.append(Part(given.name, raw, suffix, document, given.where, len(held) > 1))
    if failed and not found:
        raise failed
    return found


def as_one(name: str, parts: Iterable[Part]) -> Part:
    """Return the issue whose items are the files of a folder."""
    held = [(inside(part.name, name), part.raw) for part in parts]
    raw = joined(held)
    return Part(name, raw, SUFFIX, read_source(raw, f"{name}{SUFFIX}")[0], name)


def inside(name: str, folder: str) -> str:
    return PurePosixPath(name).relative_to(folder).as_posix() if folder else name


def named_as(name: str, suffix: str) -> str:
    """Return a name with a suffix that shows its format, if its own suffix does not."""
    return name if "://" in name or PurePosixPath(name).suffix.lower() == suffix else f"{name}{suffix}"
