"""Read the saved output of `git log` as the commits of a release."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from email.utils import parsedate_to_datetime
from itertools import pairwise
from pathlib import Path

from indexer.errors import UnusableClone
from indexer.kernel.commits import Commit
from indexer.sources.clone import is_backport

COMMIT_LINE = re.compile(r"^commit (?P<commit>[0-9a-f]{7,64})\b.*$", re.M)
HEADER = re.compile(r"^(?P<name>Author|AuthorDate|Date|Commit|CommitDate|Merge):\s*(?P<value>.*)$")
GITS_DATE = "%a %b %d %H:%M:%S %Y %z"


def read_saved_log(path: Path, release: str) -> Iterator[Commit]:
    """Yield the commits of a file. Raises `UnusableClone` if it cannot be read or contains none."""
    try:
        text = path.read_bytes().decode("utf-8", "replace").replace("\r\n", "\n")
    except OSError as error:
        raise UnusableClone(
            f"{path}: The file could not be read ({error.strerror}). Name a saved `git log` with --log."
        ) from error
    places = [*(match.start() for match in COMMIT_LINE.finditer(text)), len(text)]
    found = 0
    for start, end in pairwise(places):
        commit = commit_in(text[start:end], release)
        if commit is not None:
            found += 1
            if not is_backport(commit):
                yield commit
    if not found:
        raise UnusableClone(f"{path}: The file contains no commits. Save some with `git log v4.12..v4.13 > FILE`.")


def commit_in(text: str, release: str) -> Commit | None:
    """Return the commit in a section of `git log` output; None if it has no author or date."""
    head, _, body = text.partition("\n\n")
    first, *lines = head.split("\n")
    headers = {match["name"]: match["value"] for line in lines if (match := HEADER.match(line))}
    authored = time_of(headers.get("AuthorDate") or headers.get("Date", ""))
    named = COMMIT_LINE.match(first)
    if named is None or authored is None or "Author" not in headers:
        return None
    committed = time_of(headers.get("CommitDate", "")) or authored
    name = headers["Author"].partition("<")[0].strip()
    unindented = "\n".join(line.removeprefix("    ") for line in body.split("\n"))
    subject, _, message = unindented.strip("\n").partition("\n\n")
    return Commit(
        named["commit"], release, (name,), authored, committed, "Merge" in headers, " ".join(subject.split()), message
    )


def time_of(text: str) -> int | None:
    """Return seconds since 1970 for a date in git's own format, RFC 2822 or ISO; None for other text."""
    for read in (gits_date, parsedate_to_datetime, iso_date):
        try:
            return int(read(text).timestamp())
        except (ValueError, TypeError):
            continue
    return None


def gits_date(text: str) -> datetime:
    return datetime.strptime(text, GITS_DATE)  # noqa: DTZ007 - the format has %z


def iso_date(text: str) -> datetime:
    return datetime.fromisoformat(text.replace(" +", "+").replace(" -", "-"))
