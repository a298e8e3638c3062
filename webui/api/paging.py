"""A list in pages: what a request asks of it, and what each page says of the whole."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from pydantic import BaseModel, Field

from indexer.query.query import LAST_PAGE
from webui.api.blueprint import PREFIX, Args
from webui.api.records import record

MOST = 1_000


class ListArgs(Args):
    """Which page of a list, and how many a page."""

    limit: int = Field(100, ge=1, le=MOST, description="The most on a page.")
    page: int = Field(1, ge=1, le=LAST_PAGE, description="Which page; one past the end is empty.")


class Paged(BaseModel):
    """A page of a list."""

    total: int = Field(description="How many there are on all pages.")
    page: int
    pages: int
    previous_url: str | None = Field(description="The page before this one.")
    next_url: str | None = Field(description="The page after this one.")


class MostArgs(Args):
    """The most items of each list of a resource that has several."""

    limit: int = Field(100, ge=1, le=MOST, description="The most of each list; a search has all.")


def paged(noun: str, found: Sequence[Any], args: ListArgs, facet: str | None = None) -> dict[str, Any]:
    """Return a page of a list, its items under the list's own name; `facet` is as `record` takes it."""
    return page_of(f"{PREFIX}/{noun}", len(found), args) | {noun: record(items(found, args), facet)}


def items(found: Sequence[Any], args: ListArgs) -> Sequence[Any]:
    """Return the items of a list that are on a page."""
    return found[(args.page - 1) * args.limit : args.page * args.limit]


def page_of(url: str, total: int, args: ListArgs) -> dict[str, Any]:
    """Return what a page says of the whole list; `url` is the address of its first page."""
    pages = -(-total // args.limit)
    return {
        "total": total,
        "page": args.page,
        "pages": pages,
        "previous_url": at(url, args, args.page - 1, pages),
        "next_url": at(url, args, args.page + 1, pages),
    }


def at(url: str, args: ListArgs, page: int, pages: int) -> str | None:
    """Return the address of a page of a list, None where there is no such page."""
    if not 1 <= page <= min(pages, LAST_PAGE):
        return None
    given = args.model_dump(exclude_defaults=True, exclude={"page"}) | ({"page": page} if page > 1 else {})
    return f"{url}?{urlencode(given)}" if given else url


def shortened(value: Any, most: int) -> Any:
    """Return a record with no more than `most` items in each list, at any depth."""
    if isinstance(value, list):
        return [shortened(each, most) for each in value[:most]]
    if isinstance(value, dict):
        return {key: shortened(each, most) for key, each in value.items()}
    return value
