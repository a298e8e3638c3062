"""Lists in pages: the parameters of a request, and the totals and links of each page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from pydantic import BaseModel, Field

from indexer.query.query import LAST_PAGE
from webui.api.blueprint import PREFIX, Args
from webui.api.records import record

MOST = 200  # items of a list
MOST_IN_EACH = 25  # items in each list of a resource with several lists


class ListArgs(Args):
    """The page of a list, and the number of items on each page."""

    limit: int = Field(100, ge=1, le=MOST, description="The maximum number of items on a page.")
    page: int = Field(1, ge=1, le=LAST_PAGE, description="The number of the page. A page past the end is empty.")


class Paged(BaseModel):
    """A page of a list."""

    total: int = Field(description="The number of items on all pages.")
    page: int
    pages: int
    previous_url: str | None = Field(description="The previous page.")
    next_url: str | None = Field(description="The next page.")


class MostArgs(Args):
    """The maximum number of items in each list of a resource with several lists."""

    limit: int = Field(
        20, ge=1, le=MOST_IN_EACH, description="The maximum number of items in each list. Use a search to get all."
    )


def paged(noun: str, found: Sequence[Any], args: ListArgs, facet: str | None = None) -> dict[str, Any]:
    """Return a page of a list, with its items under the key `noun`. `facet` is passed to `record`."""
    return page_of(f"{PREFIX}/{noun}", len(found), args) | {noun: record(items(found, args), facet)}


def items(found: Sequence[Any], args: ListArgs) -> Sequence[Any]:
    """Return the items on a page of a list."""
    return found[(args.page - 1) * args.limit : args.page * args.limit]


def page_of(url: str, total: int, args: ListArgs) -> dict[str, Any]:
    """Return the totals and links of a page. `url` is the URL of the first page."""
    pages = -(-total // args.limit)
    return {
        "total": total,
        "page": args.page,
        "pages": pages,
        "previous_url": at(url, args, args.page - 1, pages),
        "next_url": at(url, args, args.page + 1, pages),
    }


def at(url: str, args: ListArgs, page: int, pages: int) -> str | None:
    """Return the URL of a page of a list, or None if there is no such page."""
    if not 1 <= page <= min(pages, LAST_PAGE):
        return None
    given = args.model_dump(exclude_defaults=True, exclude={"page"}) | ({"page": page} if page > 1 else {})
    return f"{url}?{urlencode(given)}" if given else url
