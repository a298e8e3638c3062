"""Download the issues of a newsletter from the repository that its table names."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

from indexer.errors import FetchFailed, UnreadableSource
from indexer.model import IssueKey, Newsletter
from indexer.sources.archive import Archive
from indexer.sources.downloader import Downloader
from indexer.sources.files import read_file, write_whole
from indexer.sources.folders import make_folder

TAGS = "fetched.json"


@dataclass(frozen=True, slots=True)
class Fetched:
    """The download of one issue. `raw` is its text, or None if it has not changed on the server."""

    key: IssueKey
    raw: bytes | None
    suffix: str
    url: str
    etag: str = ""


def fetch_issues(
    newsletter: Newsletter, archive: Archive, downloader: Downloader, progress: Callable[[int, int], None]
) -> Iterator[Fetched]:
    """Download the issues that newsletters.toml lists, one at a time with a pause in between, and yield each.

    Raises `FetchFailed` if the newsletter lists none, and for the first issue that cannot be downloaded.
    """
    wanted = [facts for facts in newsletter.issues.values() if facts.source_path]
    if not wanted or not newsletter.raw:
        raise FetchFailed(
            f"{newsletter.id}: Its table does not say where to download issues. Use `backissue add` instead."
        )
    tags = read_tags(archive, newsletter.id)
    for done, facts in enumerate(wanted):
        progress(done, len(wanted))
        url = newsletter.raw.format(repository=newsletter.repository, commit=newsletter.commit, path=facts.source_path)
        suffix = PurePosixPath(facts.source_path).suffix
        key = IssueKey(newsletter.id, facts.label)
        kept = archive.original_at(key, suffix)
        known = tags.get(str(key.label), {})
        etag = known.get("etag", "") if known.get("url") == url and kept.exists() else ""
        raw, new_tag = downloader.download(url, etag)
        yield Fetched(key, raw, suffix, url, new_tag)
        if done + 1 < len(wanted):
            time.sleep(downloader.pause)
    progress(len(wanted), len(wanted))


def read_tags(archive: Archive, newsletter: str) -> dict[str, dict[str, str]]:
    """Return the saved entity tags, without values of a wrong type; none if the file is missing or damaged."""
    try:
        held = json.loads(read_file(archive.originals / newsletter / TAGS))
    except (UnreadableSource, ValueError, RecursionError):
        return {}
    if not isinstance(held, dict):
        return {}
    texts = {label: known.items() for label, known in held.items() if isinstance(known, dict)}
    return {label: {key: text for key, text in known if isinstance(text, str)} for label, known in texts.items()}


def remember(archive: Archive, newsletter: str, came: Iterable[Fetched]) -> None:
    """Save the entity tags of downloads, so that unchanged issues are not downloaded again."""
    tags = read_tags(archive, newsletter)
    tags |= {str(each.key.label): {"url": each.url, "etag": each.etag} for each in came}
    write_tags(archive, newsletter, tags)


def write_tags(archive: Archive, newsletter: str, tags: dict[str, dict[str, str]]) -> None:
    folder = archive.originals / newsletter
    make_folder(folder)
    write_whole(folder / TAGS, json.dumps(tags, indent=1).encode())
