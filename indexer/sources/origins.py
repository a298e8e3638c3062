"""Read an origin of a newsletter: a folder, a pattern of files, a URL or a repository."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from indexer.errors import UnreadableSource
from indexer.model import LARGEST_OF_SEVERAL
from indexer.sources.checkout import checked_out, is_repository
from indexer.sources.downloader import Downloader
from indexer.sources.files import read_file
from indexer.sources.given import Given, given_by, is_address


@dataclass(frozen=True, slots=True)
class Contents:
    """The files of an origin, or the contents of a URL.

    `seen` are the digest and entity tag that show the next time whether anything has changed.
    """

    given: tuple[Given, ...]
    seen: Mapping[str, str]
    raw: bytes | None = None


def read_origin(
    origin: str, folder: Path, data: Path, downloader: Downloader, seen: Mapping[str, str]
) -> Contents | None:
    """Return the contents of an origin, or None if they have not changed since `seen`.

    Paths are relative to `folder`. Repositories are cloned to `data`. Raises `FetchFailed`.
    """
    if is_address(origin) and not is_repository(origin):
        raw, etag = downloader.download(origin, seen.get("etag", ""))
        digest = hashlib.sha256(raw or b"").hexdigest()
        if raw is None or digest == seen.get("digest"):
            return None
        return Contents((Given(origin, origin),), {"etag": etag, "digest": digest}, raw)
    named = checked_out(origin, data, downloader) if is_repository(origin) else os.path.normpath(folder / origin)
    given = tuple(named_from(folder, each) for each in given_by([str(named)]))
    digest = digest_of(given)
    return None if digest == seen.get("digest") else Contents(given, {"digest": digest})


def named_from(folder: Path, given: Given) -> Given:
    """Return a file with a path relative to the parent of the archive folder, as `init` names it."""
    if given.name != given.where:
        return given
    parts = Path(os.path.relpath(given.where, folder)).parts
    return Given(given.where, Path(*(part for part in parts if part != os.pardir)).as_posix())


def digest_of(given: Iterable[Given]) -> str:
    """Return a digest of the names and contents of files; of an unreadable file, only of its name."""
    whole = hashlib.sha256()
    for each in given:
        whole.update(f"{each.name}\0".encode("utf-8", "surrogateescape"))
        with suppress(UnreadableSource):
            whole.update(hashlib.sha256(read_file(Path(each.where), most=LARGEST_OF_SEVERAL)).digest())
    return whole.hexdigest()
