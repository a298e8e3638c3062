"""Long lists on several pages."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar
from urllib.parse import unquote

from flask import request

from indexer.errors import NotFound
from webui.pages.resource import MOST

Item = TypeVar("Item")
PAGE = "page"
ENOUGH = 80_000  # characters of HTML for the items of a page


@dataclass(frozen=True, slots=True)
class Part(Generic[Item]):
    """The items on a page of a list, the number of the first (from 1), and the neighbouring pages."""

    items: Sequence[Item]
    first: int
    total: int
    page: int
    pages: int
    path: str

    @property
    def previous(self) -> str | None:
        """The URL of the previous page."""
        return at(self.path, self.page - 1) if self.page > 1 else None

    @property
    def next(self) -> str | None:
        """The URL of the next page."""
        return at(self.path, self.page + 1) if self.page < self.pages else None

    @property
    def address(self) -> str:
        """The URL of this page."""
        return at(self.path, self.page)


def at(path: str, page: int) -> str:
    """Return the URL of a page of a list. The first page has the URL of the list."""
    sign = "&" if "?" in path else "?"
    return f"{path}{sign}{PAGE}={page}" if page > 1 else path


def part_of(items: Sequence[Item], path: str, size: Callable[[Item], int] | None = None) -> Part[Item]:
    """Return the page of a list that the request selects.

    `size` estimates the characters of an item. Without it, a page has MOST items, and only these are read.
    Raises `NotFound` if there is no such page.
    """
    starts = list(range(0, len(items), MOST)) or [0] if size is None else starts_by(map(size, items))
    page = page_among(len(starts), path)
    start = starts[page - 1]
    end = starts[page] if page < len(starts) else len(items)
    return Part(items[start:end], start + 1, len(items), page, len(starts), path)


def page_of(items: Sequence[Item], total: int, path: str) -> Part[Item]:
    """Return a part of a list of which only the items of the requested page were read, up to MOST of `total`.

    Raises `NotFound` for a page that the list does not have.
    """
    pages = max(1, -(-total // MOST))
    page = page_among(pages, path)
    return Part(items, (page - 1) * MOST + 1, total, page, pages, path)


def page_among(pages: int, path: str) -> int:
    """Return the page that the request selects. Raises `NotFound` if there are fewer."""
    page = request.args.get(PAGE, 1, type=int)
    if not 1 <= page <= pages:
        raise NotFound(f"{unquote(path)} has no page {page}. It has {pages}.")
    return page


def starts_by(sizes: Iterable[int]) -> list[int]:
    """Return the number of the first item of each page, given the size of each item."""
    starts, filled = [0], 0
    for number, size in enumerate(sizes):
        if filled and filled + size > ENOUGH:
            starts.append(number)
            filled = 0
        filled += size
    return starts
