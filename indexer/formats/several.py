"""Read the items of a feed or mailbox; one that cannot be read costs only itself."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from email.errors import MessageError
from email.header import decode_header, make_header
from html import unescape
from typing import TypeVar

from indexer.errors import TookTooLong, UnreadableSource
from indexer.formats.bounds import few
from indexer.formats.cleaning import clean
from indexer.formats.contained import apart
from indexer.model import Problem

MOST = 10_000  # items of a source, each of which may take as long as an issue
MOST_SLOW = 3  # items of a source that may exceed the limit on CPU time
HEAD = 20_000  # characters of an item in which its title is looked for
LONGEST_NAME = 100
TITLE = re.compile(r"<title>(?P<title>[^<]*+)")
SUBJECT = re.compile(r"^Subject:[ \t]*+(?P<title>[^\n]*+)", re.I | re.M)

Item = TypeVar("Item", bound=str | bytes)
Made = TypeVar("Made")


def each_read(make: Callable[[Item], Made], items: Iterable[Item], where: str) -> tuple[list[Made], list[Problem]]:
    """Return what `make` returns for each item, and a problem for each item that cannot be read.

    Raises the first error if no item can be read, and `TookTooLong` if several items exceed the limit on CPU time.
    """
    made: list[Made] = []
    errors: list[tuple[int, str, UnreadableSource]] = []
    slow = 0
    for number, item in enumerate(items, 1):
        if number > MOST:
            errors.append((number, ", like what follows it,", UnreadableSource(f"The limit is {MOST:,} items.")))
            break
        try:
            with apart(where):
                made.append(make(item))
        except UnreadableSource as error:
            errors.append((number, named(item), error))
            slow += isinstance(error, TookTooLong)
            if slow > MOST_SLOW:
                raise
    if errors and not made:
        raise errors[0][-1]
    return made, left_out(errors, where)


def left_out(errors: Sequence[tuple[int, str, UnreadableSource]], where: str) -> list[Problem]:
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
