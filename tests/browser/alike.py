"""How often the search of an exported site has the same first hit as the server's.

usage: python -m tests.browser.alike QUERIES.json   (a list of objects with "query" and "filters")
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import parse_qsl, urlencode

from indexer.build.builder import build
from indexer.engines.local import open_catalog
from indexer.query.address import from_args
from indexer.sources.archive import Archive
from tests.browser.waiting import new_profile, wait_for_counts
from webui.export.site import export

if TYPE_CHECKING:
    from playwright.sync_api import Page

SHIPPED = Path(__file__).resolve().parents[2] / "archive"
TITLES = "ol.hits li h2 a"


class Compared(NamedTuple):
    """A search with the titles of the first hits on the server and in the exported site, "" for none."""

    args: str
    served: str
    exported: str


def compared(page: Page, site: Path, data: Path, searches: Iterable[str]) -> list[Compared]:
    """Return searches, given as URL parameters, with their first hits in a site on disk."""
    catalog = open_catalog(data)
    found = []
    for args in searches:
        hits = catalog.search(from_args(parse_qsl(args), catalog.about.fields), ()).hits
        page.goto(f"{(site / 'search.html').as_uri()}?{args}")
        wait_for_counts(page)
        titles = page.locator(TITLES).all_text_contents()
        found.append(Compared(args, hits[0].record["title"] if hits else "", titles[0] if titles else ""))
    catalog.close()
    return found


def same(found: Iterable[Compared]) -> float:
    """Return the share of searches with the same first hit."""
    held = [each.served == each.exported for each in found]
    return sum(held) / len(held)


def main(queries: str) -> None:
    """Print the share, and each search with different first hits."""
    from playwright.sync_api import sync_playwright

    from tests.browser.conftest import launched

    searches = [
        "&".join(filter(None, (urlencode({"q": each["query"]}), each["filters"])))
        for each in json.loads(Path(queries).read_text(encoding="utf-8"))
    ]
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as driver:
        archive = Archive(SHIPPED, Path(folder, "data"))
        build(archive)
        export(archive.data, Path(folder, "site"))
        found = compared(new_profile(launched(driver)).new_page(), Path(folder, "site"), archive.data, searches)
    for each in found:
        if each.served != each.exported:
            print(f"{each.args}\n  server   {each.served}\n  exported {each.exported}")
    print(f"The first hit is the same for {same(found):.0%} of {len(found)} searches.")


if __name__ == "__main__":
    main(*sys.argv[1:])
