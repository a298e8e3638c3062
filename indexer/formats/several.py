"""Read the items of a feed or mailbox; one that cannot be read costs only itself."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from email.errors import MessageError
from email.header import decode_header, make_header
from html import unescape
from itertools import islice
from typing import TypeVar

from indexer.errors import BackissueError, TookTooLong, UnknownIssue, UnreadableSource
from indexer.formats.bounds import few
from indexer.formats.cleaning import clean
from indexer.formats.contained import apart
from indexer.model import Problem

MOST = 10_000  # items of a source, each of which may take as long as an issue
MOST_SLOW = 3  # items of a source that may exceed the limit on CPU time in one step
HEAD = 20_000  # characters of an item in which its title is looked for
LONGEST_NAME = 100
TITLE = re.compile(r"<title>(?P<title>[^<]*+)")
SUBJECT = re.compile(r"^Subject:[ \t]*+(?P<title>[^\n]*+)", re.I | re.M)

Each = TypeVar("Each")
Item = TypeVar("Item", bound=str | bytes)
Made = TypeVar("Made")


def each_apart(
    make: Callable[[Each], Made], items: Iterable[Each], where: str
) -> Iterator[tuple[Each, Made | UnknownIssue | UnreadableSource]]:
    """Yield each item with what `make` returns for it, or with the error that it raises.

    Raises `TookTooLong` if several items exceed the limit on CPU time.
    """
    slow = 0
    for item in items:
        result: Made | UnknownIssue | UnreadableSource
        try:
            with apart(where):
                result = make(item)
        except (UnknownIssue, UnreadableSource) as error:
            slow += isinstance(error, TookTooLong)
            if slow > MOST_SLOW:
                raise
            result = error
        yield item, result


def each_read(make: Callable[[Item], Made], items: Iterable[Item], where: str) -> tuple[list[Made], list[Problem]]:
    """Return what `make` returns for each item, and a problem for each item that cannot be read.

    Raises the first error if no item can be read, and `TookTooLong` if several items exceed the limit on CPU time.
    """
    made: list[Made] = []
    errors: list[tuple[int, str, BackissueError]] = []
    left = iter(items)
    for number, (item, result) in enumerate(each_apart(make, islice(left, MOST), where), 1):
        if isinstance(result, BackissueError):
            errors.append((number, named(item), result))
        else:
            made.append(result)
    if next(left, None) is not None:
        errors.append((MOST + 1, ", like what follows it,", UnreadableSource(f"The limit is {MOST:,} items.")))
    if errors and not made:
        raise errors[0][-1]
    return made, left_out(errors, where)


def left_out(errors: Sequence[tuple[int, str, BackissueError]], where: str) -> list[Problem]:
    """Return a problem for each item, given by its number, its name and the reason; few if there are many."""
    return few(
        [
            Problem(where, 0, f"Item {number}{name} was left out: {str(error).removeprefix(f'{where}: ')}")
            for number, name, error in errors
        ]
    )


def named(item: str | bytes) -> str:
    """Return the title of a page or the subject of a message, as a part of a sentence; "" if it has none."""
    text = item[:HEAD].decode("utf-8", "replace") if isinstance(item, bytes) else item[:HEAD]
    if text.lstrip().startswith("<"):
        found = TITLE.search(text)
        title = unescape(found["title"]) if found else ""
    else:
        found = SUBJECT.search(text)
        title = decoded(found["title"]) if found else ""
    plain = " ".join(clean(title).split())[:LONGEST_NAME]
    return f", {plain!r}," if plain else ""


def decoded(subject: str) -> str:
    """Return a subject with its encoded words decoded, if they can be."""
    try:
        return str(make_header(decode_header(subject))) if "=?" in subject else subject
    except (MessageError, LookupError, ValueError):
        return subject
