"""Split a file or URL into the issues in it, each with its own bytes."""

from __future__ import annotations

import re
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePosixPath

from indexer.errors import BackissueError, OnlySummaries, UnreadableSource
from indexer.formats.contained import contained
from indexer.formats.items import SUFFIX, joined
from indexer.formats.registry import parts_of, read_source
from indexer.formats.several import each_read
from indexer.model import Document
from indexer.sources.downloader import Downloader
from indexer.sources.given import Given, content_of
from indexer.values import parts_of_url

MOST_PAGES = 25  # of a feed; the newest come first
LONGEST = 120  # seconds for these pages together
SUBDOMAIN = re.compile(r"^(?:www|feeds?|rss|blog|news)\.(?=.*\.)")


@dataclass(frozen=True, slots=True)
class Part:
    """An issue in a given file or URL: the name of its source, its bytes, the suffix of its format, and its document.

    `origin` is the file or URL. `several` is true if it contains other issues, as a feed does; `left_out` are then
    messages about those that cannot be read, on the first part.
    """

    name: str
    raw: bytes
    suffix: str
    document: Document
    origin: str = ""
    several: bool = False
    left_out: tuple[str, ...] = ()


def parts_in(given: Given, downloader: Downloader) -> list[Part]:
    """Return the issue in a file or at a URL, or those of a feed or mailbox. Raises `BackissueError`.

    Unreadable items of a feed or mailbox are messages on the first part, unless all are unreadable.
    """
    return parts_from(content_of(given, downloader), given, downloader)


def parts_from(content: bytes, given: Given, downloader: Downloader) -> list[Part]:
    """Return the issues in content that was already read or downloaded.

    If it is a feed that has only summaries, the pages of its items on the same host are downloaded. Raises
    `UnreadableSource` if that takes more than two minutes.
    """
    try:
        return parts_held(content, given)
    except OnlySummaries as error:
        pages = [url for url in dict.fromkeys(error.pages) if same_host(url, given.where)][:MOST_PAGES]
        if not pages:
            raise
    return parts_of_pages(pages, given, downloader)


def parts_of_pages(pages: Sequence[str], given: Given, downloader: Downloader) -> list[Part]:
    """Return the issues on the pages of a feed's items, with messages about pages that cannot be read.

    Raises `UnreadableSource` after more than two minutes, or if no page can be read.
    """
    end = time.monotonic() + LONGEST
    parts: list[Part] = []
    problems: list[str] = []
    for url in pages:
        if time.monotonic() >= end:
            raise UnreadableSource(
                f"{given.name}: The pages of the feed's items take more than two minutes to download. Try again later, "
                "or add the pages one by one."
            )
        try:
            parts += parts_of_page(url, downloader)
        except BackissueError as error:
            problems.append(str(error))
    if problems and not parts:
        raise UnreadableSource(f"{given.name}: No page of the feed's items could be read. The first: {problems[0]}")
    return [replace(parts[0], left_out=(*parts[0].left_out, *problems)), *parts[1:]] if problems else parts


def parts_of_page(url: str, downloader: Downloader) -> list[Part]:
    """Return the issue on the page of a feed's item. Raises `BackissueError`."""
    named = Given(url, url)
    return [replace(part, several=True) for part in parts_held(content_of(named, downloader), named)]


def same_host(url: str, other: str) -> bool:
    """Return whether two URLs have the same host, apart from names such as www and feeds."""
    hosts = [parts_of_url(each).netloc.casefold() for each in (url, other)]
    return all(hosts) and len({SUBDOMAIN.sub("", host) for host in hosts}) == 1


def parts_held(content: bytes, given: Given) -> list[Part]:
    """Return the issues in content, without downloading anything else."""
    with contained(given.name):
        held = parts_of(content, given.name)
    if not held:
        return []
    suffix, several = held[0][1], len(held) > 1  # all have the same suffix
    read, problems = each_read(lambda raw: (raw, document_of(raw, given, suffix)), [raw for raw, _ in held], given.name)
    parts = [Part(given.name, raw, suffix, document, given.where, several) for raw, document in read]
    return [replace(parts[0], left_out=tuple(map(str, problems))), *parts[1:]] if problems else parts


def document_of(raw: bytes, given: Given, suffix: str) -> Document:
    """Return the document of a part. Errors name the source, without the suffix that shows the format of the part."""
    name = named_as(given.name, suffix)
    try:
        return read_source(raw, name)[0]
    except UnreadableSource as error:
        raise UnreadableSource(f"{given.name}: {str(error).removeprefix(f'{name}: ')}") from error


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
